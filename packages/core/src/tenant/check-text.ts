import { PatchbayError } from '../errors/patchbay-error.ts';

/** Longest name, reference or key of the host's, in UTF-16 units. */
const longest = 200;

/** Longest reference: connector and connection's name. */
const longestReference = 500;

const plain = /^[^\p{Cc}\p{Cs}]+$/u;

/** True for what can name a stored thing. What cannot is answered like a thing that does not exist, and never reaches the store. */
export function isReference(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestReference && plain.test(value);
}

/** True for 1 to 200 characters without control characters that are not blanks alone. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longest && plain.test(value) && value.trim() !== '';
}

/** A dedupe or idempotency key of the host's. Throws `invalid_argument` for one that a store could not hold, or that is empty by mistake. */
export function checkKey(key: string | undefined, what: string): string | undefined {
  if (key === undefined || isName(key)) return key;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `The ${what} is not text of 1 to ${longest} characters without control characters. Pass such a text, or none.`,
  });
}
