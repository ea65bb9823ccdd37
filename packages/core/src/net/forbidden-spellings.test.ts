import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { checkEgressUrl } from './check-egress-url.ts';
import { checkAddress, checkHostName } from './check-host-name.ts';

function reasonOf(check: () => unknown): unknown {
  try {
    check();
    return 'allowed';
  } catch (error) {
    if (!isPatchbayError(error) || error.code !== 'egress_refused') throw error;
    return error.details['reason'];
  }
}
const refusal = (url: string): unknown => reasonOf(() => checkEgressUrl(url, {}));

type Quad = readonly [number, number, number, number];

// One network of each special range: RFC 6890 and the IANA registries, without anything from the code under test.
const specialNetworks: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 0, 8],
  [10, 0, 0, 8],
  [100, 64, 0, 10],
  [127, 0, 0, 8],
  [169, 254, 0, 16],
  [172, 16, 0, 12],
  [192, 0, 0, 24],
  [192, 0, 2, 24],
  [192, 88, 99, 24],
  [192, 168, 0, 16],
  [198, 18, 0, 15],
  [198, 51, 100, 24],
  [203, 0, 113, 24],
  [224, 0, 0, 4],
  [240, 0, 0, 4],
];
const numberOf = ([a, b, c, d]: Quad): number => ((a * 256 + b) * 256 + c) * 256 + d;
const quadOf = (value: number): Quad => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const special = fc
  .tuple(fc.constantFrom(...specialNetworks), fc.integer({ min: 0, max: 0xffff_ffff }))
  .map(([[a, b, c, bits], noise]) => quadOf((numberOf([a, b, c, 0]) + (noise >>> bits)) >>> 0));

const octal = (value: number): string => `0${value.toString(8)}`;
const hex = (value: number): string => `0x${value.toString(16)}`;
const part = fc.constantFrom<(value: number) => string>(String, octal, hex, (value) => `0X${value.toString(16).toUpperCase()}`);
const dot = fc.constantFrom('.', '。', '．', '｡', '%2e', '%2E', '%E3%80%82');
const digits = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (text) => text.replace(/[0-9]/g, (digit) => `%3${digit}`),
  (text) => text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit))),
  (text) => `${text.slice(0, 1)}\u00ad${text.slice(1)}`,
  (text) => `${text.slice(0, 1)}\u200b${text.slice(1)}`,
);

/** All that inet_aton reads as this address: one to four parts, each in any base, with any dot. */
const spelled = fc
  .tuple(special, fc.integer({ min: 1, max: 4 }), part, part, dot, digits, fc.constantFrom('', '.'))
  .map(([quad, count, write, writeLast, separator, dress, end]) => {
    const head = quad.slice(0, count - 1);
    const last = numberOf(quad) % 2 ** (8 * (5 - count));
    return [...head.map(write), writeLast(last)].map(dress).join(separator) + end;
  });

const hexGroups = (quad: Quad): string => `${(quad[0] * 256 + quad[1]).toString(16)}:${(quad[2] * 256 + quad[3]).toString(16)}`;
const inverted = (quad: Quad): Quad => [255 - quad[0], 255 - quad[1], 255 - quad[2], 255 - quad[3]];
const wrappings: readonly ((quad: Quad) => string)[] = [
  (quad) => `::ffff:${quad.join('.')}`,
  (quad) => `::ffff:${hexGroups(quad)}`,
  (quad) => `0:0:0:0:0:FFFF:${hexGroups(quad)}`,
  (quad) => `::ffff:0:${quad.join('.')}`,
  (quad) => `::${quad.join('.')}`,
  (quad) => `64:ff9b::${quad.join('.')}`,
  (quad) => `64:ff9b:1::${quad.join('.')}`,
  (quad) => `64:ff9b:1:${hexGroups(quad)}::`,
  (quad) => `2002:${hexGroups(quad)}::1`,
  (quad) => `2001:0:4136:e378:8000:63bf:${hexGroups(inverted(quad))}`,
  (quad) => `2001::${hexGroups(inverted(quad))}`,
  (quad) => `fe80::5efe:${quad.join('.')}`,
  (quad) => `2606:4700::5efe:${quad.join('.')}`,
  (quad) => `2a00:1450::200:5efe:${hexGroups(quad)}`,
];

describe('a special address', () => {
  it('is refused in whatever way a URL spells it', () => {
    const address = 'address';
    fc.assert(
      fc.property(spelled, fc.constantFrom('https://', 'https:', 'HTTPS:/', 'https:///'), (host, scheme) => {
        const url = `${scheme}${host}/hook`;
        expect([url, refusal(url)]).toEqual([url, address]);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is refused inside every IPv6 address that stands for it', () => {
    fc.assert(
      fc.property(special, fc.constantFrom(...wrappings), (quad, wrap) => {
        const text = wrap(quad);
        expect([text, refusal(`https://[${text}]/`)]).toEqual([text, 'address']);
        expect([text, reasonOf(() => checkAddress(text, {}))]).toEqual([text, 'address']);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each(['fe80::1%eth0', 'fe80::1%25eth0', '2606:4700::1%1', '::1%lo', '127.0.0.1%eth0', '127.0.0.1\0', ' 1.1.1.1', '1.1.1.1/32'])(
    'is refused with a zone or anything else behind it: %j',
    (text) => {
      expect(refusal(`https://[${text}]/`)).toBe('url');
      expect(reasonOf(() => checkAddress(text, {}))).toBe('address');
      expect(reasonOf(() => checkHostName(text, {}))).toMatch(/^(name|address)$/);
    },
  );
});

describe('a name that is not public', () => {
  const endings =
    'local localhost internal test invalid example onion alt arpa home.arpa ip6.arpa lan corp home mail localdomain intranet private svc ' +
    'cluster.local svc.cluster.local consul docker i2p domain workgroup';

  it.each(endings.split(' '))('is refused under %s, however it is written', (ending) => {
    for (const name of [
      `db.${ending}`,
      `DB.${ending.toUpperCase()}`,
      `a.b.c.${ending}`,
      `db。${ending}`,
      `db%2e${ending}`,
      `d\u00adb.${ending}`,
      `db.${ending}.`,
    ])
      expect([name, refusal(`https://${name}/`)]).toEqual([name, 'name']);
  });

  it.each('localhost metadata instance-data kubernetes db a xn--bcher-kva singlelabel ⓛocalhost ｌocalhost loc%61lhost'.split(' '))(
    'is refused without a dot: %s',
    (name) => expect(refusal(`https://${name}/`)).toBe('name'),
  );

  it.each(
    'metadata.google.internal metadata.goog METADATA.GOOG metadata.goog. metadata.tencentyun.com metadata.packet.net instance-data.ec2.internal'.split(
      ' ',
    ),
  )('is refused where it is a metadata service: %s', (name) => {
    expect(refusal(`https://${name}/`)).toBe('name');
    if (name.includes('internal')) return;
    expect(reasonOf(() => checkEgressUrl(`https://${name}/`, { dangerouslyAllowPrivateNetworks: true }))).toBe('name');
  });

  it('is refused where it cannot be a name: too long, empty labels, characters of other notations', () => {
    const label = 'a'.repeat(60);
    const longest = `${Array.from({ length: 4 }, () => label).join('.')}.${'b'.repeat(9)}`;
    expect(longest).toHaveLength(253);
    expect(refusal(`https://${longest}/`)).toBe('allowed');
    for (const name of [
      `${longest}c`,
      `a..example.org`,
      `.vendor.com`,
      `vendor.com..`,
      `-a.vendor.com`,
      `a-.vendor.com`,
      'a,b.vendor.com',
      "a'b.vendor.com",
    ])
      expect([name, refusal(`https://${name}/`)]).toEqual([name, 'name']);
    // A last part of digits is an address to some resolvers, whatever stands before it.
    for (const name of ['vendor.com.127', 'vendor.0x7f', '1.2.3.4.5', '256.256.256.256', '4294967296', '0x100000000'])
      expect([name, refusal(`https://${name}/`)]).toEqual([name, expect.stringMatching(/^(url|name)$/)]);
  });
});

describe('the rest of a URL', () => {
  it.each(
    'http ws wss ftp ftps file gopher ldap ldaps dict tftp sftp ssh telnet jar netdoc data javascript blob about mailto unix h2c https+unix'.split(
      ' ',
    ),
  )('has no other scheme than https: %s', (scheme) => {
    for (const url of [`${scheme}://api.vendor.com/`, `${scheme.toUpperCase()}://api.vendor.com/`, `${scheme}:https://api.vendor.com/`])
      expect([url, refusal(url)]).toEqual([url, expect.stringMatching(/^(scheme|url)$/)]);
  });

  it.each([
    '1',
    '22',
    '25',
    '80',
    '444',
    '2375',
    '6379',
    '8080',
    '8443',
    '10250',
    '65535',
    '0',
    '00',
    '65536',
    '-1',
    '4 43',
    '%34%34%33',
    '443a',
  ])('has no other port than 443: %s', (port) => expect(refusal(`https://api.vendor.com:${port}/`)).toMatch(/^(port|url)$/));

  it.each(['443', '0443', '000000443', ''])('may name its own port: %j', (port) => {
    expect(refusal(`https://api.vendor.com:${port}/`)).toBe('allowed');
  });

  it.each(['a@', 'a:b@', ':b@', '@', ':@', '127.0.0.1@', 'api.vendor.com%40', '%61@', 'a%20@', 'a@b@', 'api.vendor.com:443@'])(
    'holds nobody before its host: %s',
    (user) => expect(refusal(`https://${user}evil.com/`)).toMatch(/^(userinfo|url)$/),
  );
});
