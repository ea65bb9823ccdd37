import { hash } from 'node:crypto';
import type { DispatchKey } from '../contracts/dispatch-records.ts';
import type { IdempotencyKey } from '../contracts/idempotency.ts';

/**
 * The idempotency key of a dispatch: the first 24 bytes of SHA-256 over its key, base64url. The same for every attempt and round,
 * another for every replay, and unguessable only as far as the ids are: it is no secret.
 */
export function idempotencyKeyOf(key: DispatchKey): IdempotencyKey {
  return keyFrom([key.tenant, key.root, String(key.replay), key.target, key.path]);
}

function keyFrom(parts: readonly string[]): IdempotencyKey {
  let value: string | undefined;
  return {
    get value() {
      // 32 characters of base64url are the first 24 bytes.
      value ??= hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 32);
      return value;
    },
    child: (name) => keyFrom([...parts, `child:${name}`]),
  };
}
