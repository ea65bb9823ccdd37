import { parseIpAddress } from './parse-ip-address.ts';

/** Addresses that begin with the same bits. */
export interface AddressRange {
  /** 4 bytes for IPv4, 16 for IPv6. */
  readonly prefix: Uint8Array;
  readonly bits: number;
}

const length = /^(0|[1-9]\d{0,2})$/;

/** How many leading bytes of an IPv6 address say that it holds an IPv4 one, `::ffff:a.b.c.d`. */
const mappedBytes = 12;

/**
 * The canonical bytes of one address: an IPv4 address dressed as IPv6 is the IPv4 address. `undefined` for anything that is not exactly one
 * address, octal and short forms included.
 */
export function canonicalAddress(text: string): Uint8Array | undefined {
  const bytes = parseIpAddress(text);
  return bytes && isMapped(bytes) ? bytes.subarray(mappedBytes) : bytes;
}

/** The range that `192.0.2.0/24`, `2001:db8::/32` or a lone address names; `undefined` for other text, and where bits behind the prefix are set. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const bytes = parseIpAddress(address);
  if (bytes === undefined || more.length > 0 || (bits !== undefined && !length.test(bits))) return undefined;
  const range = { prefix: bytes, bits: bits === undefined ? bytes.length * 8 : Number(bits) };
  if (range.bits > bytes.length * 8 || !isWithin(masked(range), { ...range, bits: bytes.length * 8 })) return undefined;
  if (!isMapped(bytes) || range.bits < mappedBytes * 8) return range;
  return { prefix: bytes.subarray(mappedBytes), bits: range.bits - mappedBytes * 8 };
}

/** True for an address, in its canonical bytes, of the range. */
export function isWithin(address: Uint8Array, { prefix, bits }: AddressRange): boolean {
  if (address.length !== prefix.length) return false;
  const whole = bits >> 3;
  for (let index = 0; index < whole; index += 1) if (address[index] !== prefix[index]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const mask = 0xff << (8 - rest);
  return ((address[whole] ?? 0) & mask) === ((prefix[whole] ?? 0) & mask);
}

function masked({ prefix, bits }: AddressRange): Uint8Array {
  return prefix.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - index * 8))));
}

function isMapped(bytes: Uint8Array): boolean {
  return bytes.length === 16 && bytes[10] === 0xff && bytes[11] === 0xff && bytes.subarray(0, 10).every((byte) => byte === 0);
}
