import { parseIpAddress } from './parse-ip-address.ts';

/**
 * What an address is good for. `public`: a unicast address that the whole internet can reach. `private`: loopback and the ranges that
 * networks use inside, which `dangerouslyAllowPrivateNetworks` opens. `forbidden`: everything else (metadata services, link-local,
 * multicast, documentation, reserved, IPv4 dressed as IPv6), which nothing opens.
 */
export type AddressClass = 'public' | 'private' | 'forbidden';

interface Range {
  readonly prefix: Uint8Array;
  readonly bits: number;
  readonly class: AddressClass;
}

const range = (cidr: string, addressClass: AddressClass): Range => {
  const [address = '', bits] = cidr.split('/');
  const prefix = parseIpAddress(address);
  if (prefix === undefined) throw new TypeError(`${cidr} is no address range.`);
  return { prefix, bits: Number(bits), class: addressClass };
};

// The first match decides. Sources: the IANA special-purpose registries of IPv4 and IPv6 (RFC 6890 and its updates).
const ranges: readonly Range[] = [
  // Services of the machine itself that stand inside private or public space: Azure, Alibaba; over IPv6 AWS, Google, Oracle, Scaleway.
  range('168.63.129.16/32', 'forbidden'),
  range('100.100.100.200/32', 'forbidden'),
  range('fd00:ec2::/32', 'forbidden'),
  range('fd20:ce::254/128', 'forbidden'),
  range('fd00:c1::a9fe:a9fe/128', 'forbidden'),
  range('fd00:42::42/128', 'forbidden'),
  range('10.0.0.0/8', 'private'),
  range('100.64.0.0/10', 'private'),
  range('127.0.0.0/8', 'private'),
  range('172.16.0.0/12', 'private'),
  range('192.168.0.0/16', 'private'),
  range('0.0.0.0/8', 'forbidden'),
  range('169.254.0.0/16', 'forbidden'),
  range('192.0.0.0/24', 'forbidden'),
  range('192.0.2.0/24', 'forbidden'),
  range('192.31.196.0/24', 'forbidden'),
  range('192.52.193.0/24', 'forbidden'),
  range('192.88.99.0/24', 'forbidden'),
  range('192.175.48.0/24', 'forbidden'),
  range('198.18.0.0/15', 'forbidden'),
  range('198.51.100.0/24', 'forbidden'),
  range('203.0.113.0/24', 'forbidden'),
  range('224.0.0.0/3', 'forbidden'),
  range('0.0.0.0/0', 'public'),
  range('::1/128', 'private'),
  range('fc00::/7', 'private'),
  // Inside 2000::/3: protocol assignments with Teredo, benchmarking and ORCHID; documentation; 6to4; the returned 6bone; AS112.
  range('2001::/23', 'forbidden'),
  range('2001:db8::/32', 'forbidden'),
  range('2002::/16', 'forbidden'),
  range('2620:4f:8000::/48', 'forbidden'),
  range('3ffe::/16', 'forbidden'),
  range('3fff::/20', 'forbidden'),
  range('2000::/3', 'public'),
  range('::/0', 'forbidden'),
];

// RFC 6052: an IPv6-only network with NAT64 reaches IPv4 services through this prefix, so what is inside decides.
const nat64 = range('64:ff9b::/96', 'public');

/** Classifies canonical address bytes as {@link parseIpAddress} gives them. What no range allows is forbidden. */
export function classifyAddress(address: Uint8Array): AddressClass {
  if (contains(nat64, address)) return classifyAddress(address.subarray(12)) === 'public' ? 'public' : 'forbidden';
  if (isIsatap(address)) return 'forbidden';
  return ranges.find((candidate) => contains(candidate, address))?.class ?? 'forbidden';
}

function contains({ prefix, bits }: Range, address: Uint8Array): boolean {
  if (prefix.length !== address.length) return false;
  const whole = bits >> 3;
  for (let index = 0; index < whole; index += 1) if (prefix[index] !== address[index]) return false;
  const rest = bits & 7;
  return rest === 0 || ((prefix[whole] ?? 0) ^ (address[whole] ?? 0)) >> (8 - rest) === 0;
}

/** RFC 5214: an interface identifier `[02]00:5efe` holds an IPv4 address to tunnel to, under any prefix. */
function isIsatap(address: Uint8Array): boolean {
  const [first, second, third, fourth] = address.subarray(8);
  return address.length === 16 && ((first ?? 0) & 0xfd) === 0 && second === 0 && third === 0x5e && fourth === 0xfe;
}
