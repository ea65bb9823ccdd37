import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AddressClass, classifyAddress } from './classify-address.ts';
import { parseIpAddress } from './parse-ip-address.ts';

function classOf(text: string): AddressClass {
  const address = parseIpAddress(text);
  if (address === undefined) throw new TypeError(`${text} is no address.`);
  return classifyAddress(address);
}

// A second listing, kept apart from the code under test and matched by Node's own BlockList.
const notPublicV4 = new BlockList();
for (const cidr of [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24',
  '224.0.0.0/4 240.0.0.0/4',
].flatMap((line) => line.split(' '))) {
  const [network = '', bits] = cidr.split('/');
  notPublicV4.addSubnet(network, Number(bits), 'ipv4');
}

const byte = fc.integer({ min: 0, max: 255 });
const edges = fc.constantFrom(0, 10, 100, 127, 168, 169, 172, 192, 198, 203, 223, 224, 239, 240, 255);
const ipv4 = fc.tuple(fc.oneof(edges, byte), byte, byte, byte);
const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
const hex = ([a, b, c, d]: readonly [number, number, number, number]): string =>
  `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;

describe('classifyAddress', () => {
  it('agrees with an independent list on which IPv4 addresses are public', () => {
    fc.assert(
      fc.property(ipv4, (bytes) => {
        const text = bytes.join('.');
        expect([text, classOf(text) === 'public']).toEqual([text, !notPublicV4.check(text, 'ipv4')]);
      }),
      { numRuns: 5_000 },
    );
  });

  it('never lets an IPv4 address through in an IPv6 dress, NAT64 of a public one excepted', () => {
    fc.assert(
      fc.property(ipv4, group, group, (bytes, a, b) => {
        const tail = hex(bytes);
        const teredo = hex([255 - bytes[0], 255 - bytes[1], 255 - bytes[2], 255 - bytes[3]]);
        for (const dress of [
          `::${tail}`,
          `::ffff:${tail}`,
          `::ffff:0:${tail}`,
          `64:ff9b:1::${tail}`,
          `2002:${tail}::${a}`,
          `2001:0:${a}:${b}::${teredo}`,
          `2606:4700:${a}:${b}:0:5efe:${tail}`,
          `2606:4700:${a}:${b}:200:5efe:${tail}`,
        ]) {
          expect([dress, classOf(dress)]).not.toEqual([dress, 'public']);
        }
        expect(classOf(`64:ff9b::${tail}`) === 'public').toBe(classOf(bytes.join('.')) === 'public');
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets no IPv6 address outside 2000::/3 be public, NAT64 excepted', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const first = parseIpAddress(text)?.[0] ?? 0;
        if (first >> 5 !== 1 && parseIpAddress(text)?.slice(0, 4).join() !== '0,100,255,155') expect(classOf(text)).not.toBe('public');
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[AddressClass, string]>([
    [
      'public',
      '1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15 169.253.255.255 169.255.0.0',
    ],
    ['public', '172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255'],
    ['public', '2001:200:: 2001:4860:4860::8888 2400:: 2606:4700:4700::1111 2a00:: 2c0f:ffff:: 64:ff9b::808:808'],
    ['private', '10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 172.16.0.0 172.31.255.255 192.168.255.255'],
    ['private', '::1 fc00:: fd00::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['forbidden', '0.0.0.0 100.100.100.200 168.63.129.16 169.254.169.254 192.0.0.192 192.88.99.1 198.18.0.1 198.19.255.255'],
    ['forbidden', '192.0.2.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255'],
    ['forbidden', ':: fe80::1 febf::1 fec0::1 ff02::1 ff0e::1 100::1 100:0:0:1::1 5f00::1 3fff::1 3ffe::1 2001:db8::1 2001:2::1'],
    [
      'forbidden',
      '2001::1 2001:1ff:ffff::1 2002:808:808::1 fd00:ec2::254 fd20:ce::254 4000::1 1fff::1 64:ff9b::a9fe:a9fe ::ffff:127.0.0.1',
    ],
  ])('calls these %s: %s', (expected, list) => {
    for (const text of list.split(' ')) expect([text, classOf(text)]).toEqual([text, expected]);
  });

  it('forbids bytes that are no address', () => {
    for (const length of [0, 3, 5, 15, 17]) expect(classifyAddress(new Uint8Array(length).fill(8))).toBe('forbidden');
  });
});
