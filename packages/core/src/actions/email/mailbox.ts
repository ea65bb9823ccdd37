/** One address of a mail, with the name that people see. */
export interface Mailbox {
  readonly address: string;
  readonly name: string;
}

/** Longest mailbox as text, and longest address (RFC 5321, 4.5.3.1.3), characters. */
const longest = { text: 500, address: 254 };

// No quoted local parts and no comments: what is that rare is more often an attack on whoever reads the header.
const addressShape =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

/** What a name may not hold: line ends and other control characters, halves of pairs, and what would end it. */
const unfitForName = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029<>"\\]/u;

/** Reads `ada@example.com` or `Ada <ada@example.com>`; `undefined` for anything else, two addresses and line ends among it. */
export function parseMailbox(text: unknown): Mailbox | undefined {
  if (typeof text !== 'string' || text.length > longest.text) return undefined;
  const [, quoted, plain, inside] = /^(?:"([^"]*)" ?|([^<>"]*?) ?)<([^<>]*)>$/.exec(text) ?? [];
  const address = inside ?? text;
  const name = quoted ?? plain ?? '';
  if (address.length > longest.address || !addressShape.test(address) || unfitForName.test(name)) return undefined;
  return { address, name: name.trim() };
}
