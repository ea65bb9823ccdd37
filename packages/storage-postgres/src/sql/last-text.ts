/** A text that comes after every other one that begins so, in the order of bytes. No name holds the last code point, which is no character. */
export const lastText = (prefix: string): string => `${prefix}\u{10FFFF}`;
