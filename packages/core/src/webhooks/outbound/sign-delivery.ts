import { createHmac, sign } from 'node:crypto';
import type { DeliveryKey } from './endpoint-secret.ts';

/** What is signed. */
export interface SignedContent {
  /** `webhook-id`. */
  readonly id: string;
  /** `webhook-timestamp`: whole seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The value of `webhook-signature`: one signature for each key, separated by blanks. Source: Standard Webhooks, "Signature scheme"; while a secret
 * is being replaced, receivers find the one that they know.
 */
export function signDelivery({ id, timestamp, body }: SignedContent, keys: readonly DeliveryKey[]): string {
  const content = `${id}.${timestamp}.${body}`;
  return keys.map((key) => `${key.version},${signatureOf(content, key)}`).join(' ');
}

function signatureOf(content: string, { version, key }: DeliveryKey): string {
  if (version === 'v1') return createHmac('sha256', key).update(content, 'utf8').digest('base64');
  return sign(null, Buffer.from(content, 'utf8'), key).toString('base64');
}
