/** Longest message that is kept, characters. */
const longestMessage = 200;

/**
 * What a message says apart from what it names: texts in quotation marks, addresses, ids and numbers are left out. Two errors that differ in nothing
 * else are one, and no data of a tenant's is in it.
 */
export function plainMessage(message: string): string {
  const plain = message
    .slice(0, 2_000)
    // A message may have been cut off within a quotation.
    .replaceAll(/"[^"]*(?:"|$)|`[^`]*(?:`|$)|“[^”]*(?:”|$)|«[^»]*(?:»|$)|(?<![\p{L}\p{N}])'[^']*(?:'(?!\p{L})|$)/gu, '…')
    // Each of these begins where a word does, and nowhere within it: a long word would be read once for each of its letters.
    .replaceAll(/(?<![a-z0-9+.-])[a-z0-9+.-]+:\/\/\S+/gi, '…')
    .replaceAll(/(?<![^\s@,;:()<>])[^\s@,;:()<>]+@[^\s@,;:()<>]+/g, '…')
    // What holds a digit is an id, a number, a hash or a name that somebody chose.
    .replaceAll(/(?<![\p{L}\p{N}_-])[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_.-]*/gu, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return plain.slice(0, longestMessage).toWellFormed();
}
