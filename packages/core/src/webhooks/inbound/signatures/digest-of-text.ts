const hex = /^[0-9a-fA-F]+$/;
// The last letter has bits that say nothing: only the spelling in which they are zero is one.
const base64Shapes = new Map([
  [20, /^[A-Za-z0-9+/]{26}[AEIMQUYcgkosw048]=$/],
  [32, /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/],
  [64, /^[A-Za-z0-9+/]{85}[AQgw]==$/],
]);

/** The bytes of a signature of 20, 32 or 64 bytes; `undefined` for any text that is not exactly that. Hex counts in either case. */
export function digestOfText(text: string, encoding: 'hex' | 'base64', bytes: number): Buffer | undefined {
  // Buffer.from skips what it does not know, so the shape is checked first. The length apart from it: that takes half the time of `{64}`.
  const isShaped = encoding === 'hex' ? text.length === bytes * 2 && hex.test(text) : base64Shapes.get(bytes)?.test(text) === true;
  return isShaped ? Buffer.from(text, encoding) : undefined;
}
