import { type Json, PatchbayError } from '@patchbay/core';

/** A value that a list of choices depends on, as text. Throws `invalid_argument` where it is none, before anything is sent. */
export function givenText(given: Readonly<Record<string, Json>>, name: string): string {
  const value = given[name];
  if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value);
  throw new PatchbayError({ code: 'invalid_argument', message: `The choices depend on ${name}. Set it first.`, sent: 'no' });
}
