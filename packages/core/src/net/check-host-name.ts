import { isIP } from 'node:net';
import { classifyAddress } from './classify-address.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { egressRefused } from './egress-refused.ts';
import { parseIpAddress } from './parse-ip-address.ts';

// IANA's special-use names, ICANN's reserved `internal`, and the endings that private networks, container engines and name services of
// clusters use though nobody delegated them.
const specialEndings: ReadonlySet<string> = new Set(
  (
    'alt arpa bit cluster consul containers corp dhcp docker domain example exit gnu home i2p internal intranet invalid kubernetes lan ' +
    'local localdomain localhost localnet mail metadata nomad onion private rancher svc test vpn workgroup'
  ).split(' '),
);

// Public names whose one use is a cloud's metadata service, whichever address answers for them.
const metadataNames: ReadonlySet<string> = new Set([
  'metadata.goog',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'metadata.tencentyun.com',
]);

const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const longestName = 253;

/**
 * Checks a host as a parsed URL gives it (lower case, punycode, IPv6 with or without brackets). Answers the address bytes of a
 * literal, undefined for a name that may be resolved. Throws `egress_refused` for the rest.
 */
export function checkHostName(host: string, policy: EgressPolicy): Uint8Array | undefined {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (isIP(bare) !== 0) return checkAddress(bare, policy);
  const labels = host.split('.');
  // Some systems read a name that ends in digits as an address in an old notation.
  const wellFormed =
    host.length <= longestName && labels.every((part) => label.test(part)) && !/^(0x[0-9a-f]*|[0-9]+)$/.test(labels.at(-1) ?? '');
  if (!wellFormed) throw egressRefused('name');
  if (metadataNames.has(host)) throw egressRefused('name');
  if (policy.loopbackOnly === true) {
    if (labels.at(-1) === 'localhost') return undefined;
    throw egressRefused('loopback');
  }
  if (policy.dangerouslyAllowPrivateNetworks === true) return undefined;
  if (labels.length < 2 || specialEndings.has(labels.at(-1) ?? '')) throw egressRefused('name');
  return undefined;
}

/** Reads and checks one address. Throws `egress_refused` for text that is no address and for an address the policy does not open. */
export function checkAddress(text: string, policy: EgressPolicy): Uint8Array {
  const address = parseIpAddress(text);
  if (policy.loopbackOnly === true) {
    if (address !== undefined && isLoopback(address)) return address;
    throw egressRefused('loopback');
  }
  const addressClass = address === undefined ? 'forbidden' : classifyAddress(address);
  const open = addressClass === 'public' || (addressClass === 'private' && policy.dangerouslyAllowPrivateNetworks === true);
  if (address === undefined || !open) throw egressRefused('address');
  return address;
}

/** 127.0.0.0/8 and ::1. */
function isLoopback(address: Uint8Array): boolean {
  return address.length === 4 ? address[0] === 127 : address.every((byte, index) => byte === (index === 15 ? 1 : 0));
}
