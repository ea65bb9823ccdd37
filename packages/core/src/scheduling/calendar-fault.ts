import { PatchbayError } from '../errors/patchbay-error.ts';

/** Says why a calendar cannot be read. Code `invalid_argument`. */
export function unreadable(fault: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `The calendar cannot be read: ${fault}. Correct it.` });
}
