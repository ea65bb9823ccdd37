/** True for a text of more bytes in UTF-8. A text that cannot be is not counted: no character takes more than three bytes a unit. */
export function isLongerThan(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
}
