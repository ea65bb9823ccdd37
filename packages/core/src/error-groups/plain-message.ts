/** Longest message that is kept, characters. */
const longestMessage = 200;

/**
 * What a message says apart from what it names: texts in quotation marks, addresses, ids and numbers are left out. Two errors that differ in nothing
 * else are one, and no data of a tenant's is in it.
 */
export function plainMessage(message: string): string {
  const plain = message
    .slice(0, 2_000)
    .replaceAll(/"[^"]*"|`[^`]*`|“[^”]*”|«[^»]*»|(?<![\p{L}\p{N}])'[^']*'(?!\p{L})/gu, '…')
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
    .replaceAll(/[^\s@,;:()<>]+@[^\s@,;:()<>]+/g, '…')
    // What holds a digit is an id, a number, a hash or a name that somebody chose.
    .replaceAll(/[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_.-]*/gu, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return plain.slice(0, longestMessage).toWellFormed();
}
