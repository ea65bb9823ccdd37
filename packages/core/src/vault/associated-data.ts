import { PatchbayError } from '../errors/patchbay-error.ts';

/**
 * Encodes fields so that no two lists give the same bytes: each field is a netstring (`5:acme!,`), its length counted in UTF-8 bytes.
 * Throws `invalid_argument` for an empty field, a text that UTF-8 cannot hold, and a number that is no whole number from 0 up.
 */
export function encodeAssociatedData(fields: readonly (string | number)[]): Uint8Array {
  let text = '';
  for (const field of fields) {
    const plain = typeof field === 'string' ? field : String(field);
    const valid = typeof field === 'string' ? field !== '' && field.isWellFormed() : Number.isSafeInteger(field) && field >= 0;
    if (!valid) throw invalidContext();
    text += `${Buffer.byteLength(plain)}:${plain},`;
  }
  return Buffer.from(text);
}

function invalidContext(): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message:
      'A secret is sealed for a named place: tenant, object type, object id, field and purpose are non-empty texts, the version is a whole number from 0 up.',
  });
}
