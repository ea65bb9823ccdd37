/** What stands for a field that is null: longer than any text can be. */
const none = 0xffff_ffff;

/**
 * Bytes that stand for these fields and no others: each is its length in UTF-8, four bytes, and the text itself, so that no text can pass for
 * the end of a field. A number is its decimal text.
 */
export function encodeFields(fields: readonly (string | number | null)[]): Buffer {
  const parts = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    if (field === null) {
      length.writeUInt32BE(none);
      return [length];
    }
    const text = Buffer.from(String(field), 'utf8');
    length.writeUInt32BE(text.byteLength);
    return [length, text];
  });
  return Buffer.concat(parts);
}
