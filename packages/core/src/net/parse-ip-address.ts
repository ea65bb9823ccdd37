import { isIP } from 'node:net';

/**
 * Reads a textual IP address into its canonical bytes: 4 for IPv4, 16 for IPv6. Answers undefined for anything that is not exactly one
 * address: names, short or octal forms, zones (`fe80::1%eth0`), brackets. URLs are brought into this form by the WHATWG parser first.
 */
export function parseIpAddress(text: string): Uint8Array | undefined {
  const family = isIP(text);
  if (family === 4) return Uint8Array.from(text.split('.'), Number);
  return family === 6 && !text.includes('%') ? parseGroups(text) : undefined;
}

/** Only for text that Node has accepted as IPv6: nothing is validated again. */
function parseGroups(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (const [index, group] of front.entries()) view.setUint16(index * 2, group);
  for (const [index, group] of back.entries()) view.setUint16((8 - back.length + index) * 2, group);
  return bytes;
}

function groupsOf(part: string): readonly number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
