import { PatchbayError } from '../errors/patchbay-error.ts';

/**
 * Encodes fields so that no two lists give the same bytes: each field is a netstring (`5:acme!,`), its length counted in UTF-8 bytes.
 * Throws `invalid_argument` for an empty field, a text that UTF-8 cannot hold, and a number that is no whole number from 0 up.
 */
export function encodeAssociatedData(fields: readonly (string | number)[]): Uint8Array {
  const text = netstrings(fields, (plain) => plain.length);
  const bytes = Buffer.from(text);
  // Characters beyond ASCII take more than one byte each: then the lengths are counted in bytes.
  return bytes.byteLength === text.length ? bytes : Buffer.from(netstrings(fields, byteLengthOf));
}

function netstrings(fields: readonly (string | number)[], lengthOf: (plain: string) => number): string {
  let text = '';
  for (const field of fields) {
    const isText = typeof field === 'string';
    if (isText ? field === '' : !Number.isSafeInteger(field) || field < 0) throw invalidContext();
    const plain = isText ? field : String(field);
    text += `${lengthOf(plain)}:${plain},`;
  }
  return text;
}

function byteLengthOf(plain: string): number {
  if (!plain.isWellFormed()) throw invalidContext();
  return Buffer.byteLength(plain);
}

function invalidContext(): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message:
      'A secret is sealed for a named place: tenant, object type, object id, field and purpose are non-empty texts, the version is a whole number from 0 up.',
  });
}
