import { type AddressRange, canonicalAddress, isWithin } from '../net/address-range.ts';

/** Which machines before the hub are the host's own, whose word about an address is taken. */
export interface TrustedProxies {
  /** How many there are one after another, or where they are; 0 or none: what the socket says. */
  readonly trusted: number | readonly AddressRange[];
  /** The header that they write. */
  readonly header: 'x-forwarded-for' | 'forwarded';
}

/** True where any machine is trusted. */
export function hasProxies({ trusted }: TrustedProxies): boolean {
  return typeof trusted === 'number' ? trusted > 0 : trusted.length > 0;
}

/** Where a request says that it comes from. */
export interface RequestOrigin {
  /** The other end of the socket; `undefined` where nobody says it. */
  readonly remoteAddress: string | undefined;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Most hops that are looked at; a longer list is nobody's. */
const mostHops = 32;

/**
 * The address from which a request came to the first of the host's own machines, in canonical bytes. `null` where that cannot be told: no socket is known,
 * fewer proxies stand in the list than there are, or what one of them wrote is no address (`unknown`, a name, an octal form).
 */
export function clientAddress({ trusted, header }: TrustedProxies, { remoteAddress, headers }: RequestOrigin): Uint8Array | null {
  const socket = remoteAddress === undefined ? undefined : canonicalAddress(remoteAddress);
  if (!hasProxies({ trusted, header })) return socket ?? null;
  const hops = hopsOf(header, Object.hasOwn(headers, header) ? headers[header] : undefined);
  if (hops.length > mostHops) return null;
  // Each machine writes behind the others, so the end of the list is the nearest, and what a stranger made up stands before it.
  const nearestFirst = hops.reverse();
  if (typeof trusted === 'number') return addressOf(nearestFirst[trusted - 1]);
  return firstUntrusted(socket ?? null, trusted, nearestFirst);
}

function hopsOf(header: TrustedProxies['header'], value: string | undefined): string[] {
  if (value === undefined) return [];
  return header === 'forwarded' ? forwardedHops(value) : value.split(',');
}

function firstUntrusted(socket: Uint8Array | null, trusted: readonly AddressRange[], hops: readonly string[]): Uint8Array | null {
  let address = socket;
  for (const hop of hops) {
    if (address === null || !trusted.some((range) => address !== null && isWithin(address, range))) return address;
    address = addressOf(hop);
  }
  return address;
}

const bracketed = /^\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?$/;
const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;

/** The address of a hop: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`. */
function addressOf(hop: string | undefined): Uint8Array | null {
  if (hop === undefined) return null;
  const text = hop.trim();
  const bare = bracketed.exec(text)?.[1] ?? withPort.exec(text)?.[1] ?? text;
  return canonicalAddress(bare) ?? null;
}

const pair = /[ \t]*([A-Za-z0-9_-]+)=(?:"((?:[^"\\]|\\.)*)"|([^";,\s]*))[ \t]*([;,]|$)/y;

/** A hop that says nothing. */
const malformed = '?';

/**
 * The `for` of each hop of a `Forwarded` header (RFC 7239). Read from the first letter on, since a quoted value may hold what looks like another
 * hop; where it is malformed, nobody can say who wrote what, and all of it says nothing.
 */
function forwardedHops(value: string): string[] {
  const hops: string[] = [];
  let hop = malformed;
  const reading = new RegExp(pair);
  while (hops.length <= mostHops) {
    const found = reading.exec(value);
    if (!found) return [malformed];
    const [, name = '', quoted, plain = '', end] = found;
    if (name.toLowerCase() === 'for') hop = quoted ?? plain;
    if (end === ';') continue;
    hops.push(hop);
    hop = malformed;
    if (end === '') return hops;
  }
  return hops;
}
