import { createHmac, randomUUID } from 'node:crypto';
import { secret } from '../bell-stage.ts';

/** A signed request with these very bytes. */
export function rawRing(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { body, headers: { 'x-bell-delivery': randomUUID(), 'x-bell-signature': signature, ...headers } };
}
