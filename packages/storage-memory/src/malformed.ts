import { PatchbayError } from '@patchbay/core';

/** The error for an item that cannot be stored. */
export const malformed = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });
