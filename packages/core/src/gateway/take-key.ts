import type { IdempotencyKey } from '../contracts/idempotency.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/**
 * Takes a key for a writing request. An action makes one with the dispatch's own key; a further one must carry a child key, so that a
 * repeat is recognised. Throws `invalid_argument` for one that is used. A session without a key takes none.
 */
export function takeKey(own: IdempotencyKey | null, used: IdempotencyKey[], given: IdempotencyKey | undefined): void {
  if (own === null) return;
  const key = given ?? own;
  // A key's value costs a hash, and most actions write once: the first is only remembered.
  if (used.some((each) => each.value === key.value)) {
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'An action makes at most one writing request with one key. Pass key: key.child(name) to each further one.',
      sent: 'no',
    });
  }
  used.push(key);
}
