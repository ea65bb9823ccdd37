import { timingSafeEqual } from 'node:crypto';
import { hub } from '../../../src/hub.ts';

export const runtime = 'nodejs';

/** One bounded turn of work, for a platform without workers: let its scheduler call it, with the secret that both know. */
export async function GET(request: Request): Promise<Response> {
  if (!isScheduler(request)) return new Response('refused', { status: 401 });
  return Response.json(await hub().work({ until: 'idle', deadline: 20_000 }));
}

function isScheduler(request: Request): boolean {
  const secret = process.env['CRON_SECRET'] ?? '';
  const given = Buffer.from(request.headers.get('authorization') ?? '');
  const wanted = Buffer.from(`Bearer ${secret}`);
  return secret !== '' && given.length === wanted.length && timingSafeEqual(given, wanted);
}
