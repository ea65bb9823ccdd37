import { hub } from '../../../src/hub.ts';

/** The hub opens sockets and uses node:crypto, so it needs the Node runtime. */
export const runtime = 'nodejs';

/** Everything below /hub. Next hands the request over unread, which is what a signature needs. */
export function POST(request: Request): Promise<Response> {
  return hub().handler(request);
}
