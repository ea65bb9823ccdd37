import { createHmac, randomUUID } from 'node:crypto';
import { type BellProcess, type BellRequest, secret } from '../bell-stage.ts';

/** A signed request with these very bytes. */
export function rawRing(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { body, headers: { 'x-bell-delivery': randomUUID(), 'x-bell-signature': signature, ...headers } };
}

/** What a request is answered, and as what it was told to the host where it became no event. */
export async function outcomeOf(process: BellProcess, url: string, request: BellRequest): Promise<readonly (number | string)[]> {
  const before = process.failed.length;
  const { status } = await process.send(url, request);
  return [status, ...process.failed.slice(before).map(({ error }) => error.code)];
}

/** A signed body that cannot be read: the service gets its answer, and the delivery is kept for the tenant. */
export const unreadable = [202, 'body_invalid'];
