import { describe, expect, it } from 'vitest';
import { type AddressRange, parseAddressRange } from '../net/address-range.ts';
import { clientAddress, type TrustedProxies } from './client-address.ts';

const ranges = (...texts: string[]): readonly AddressRange[] => texts.flatMap((text) => parseAddressRange(text) ?? []);

function seen(
  trusted: TrustedProxies['trusted'],
  remoteAddress: string | undefined,
  value?: string,
  header: TrustedProxies['header'] = 'x-forwarded-for',
) {
  const address = clientAddress({ trusted, header }, { remoteAddress, headers: value === undefined ? {} : { [header]: value } });
  return address && [...address].join(address.length === 4 ? '.' : ',');
}

describe('the address of a sender', () => {
  it('is the other end of the socket where no proxy is trusted, whatever headers say', () => {
    expect(seen(0, '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
    expect(seen([], '::ffff:192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
    expect(seen(0, undefined, '203.0.113.9')).toBeNull();
    expect(seen(0, 'somewhere')).toBeNull();
  });

  it('is what the farthest of so many proxies wrote, and never what stands before that', () => {
    expect(seen(1, '10.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
    expect(seen(1, '10.0.0.1', '1.2.3.4, 203.0.113.9')).toBe('203.0.113.9');
    expect(seen(2, '10.0.0.1', '1.2.3.4, 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9');
    expect(seen(1, undefined, '1.2.3.4,203.0.113.9')).toBe('203.0.113.9');
  });

  it("is nobody's where fewer proxies wrote than there are", () => {
    expect(seen(1, '203.0.113.9')).toBeNull();
    expect(seen(2, '10.0.0.1', '203.0.113.9')).toBeNull();
  });

  it('is the first from the right that is no proxy of the host', () => {
    const proxies = ranges('10.0.0.0/8', '2001:db8::/32');
    expect(seen(proxies, '10.0.0.1', '1.2.3.4, 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9');
    expect(seen(proxies, '::ffff:10.0.0.1', '203.0.113.9, ::ffff:10.0.0.2')).toBe('203.0.113.9');
    expect(seen(proxies, '2001:db8::1', '203.0.113.9,[2001:db8::2]:443')).toBe('203.0.113.9');
    expect(seen(proxies, '203.0.113.7', '10.0.0.2')).toBe('203.0.113.7');
    expect(seen(proxies, '10.0.0.1', '10.0.0.3, 10.0.0.2')).toBe('10.0.0.3');
    expect(seen(proxies, '10.0.0.1')).toBe('10.0.0.1');
    expect(seen(proxies, undefined, '203.0.113.9')).toBeNull();
  });

  it.each([
    'unknown',
    '_hidden',
    '010.0.0.1',
    '0x7f.0.0.1',
    '1.2.3',
    '203.0.113.9:',
    '203.0.113.9:123456',
    '[::1',
    '::1]',
    'fe80::1%eth0',
    '2130706433',
    '203.0.113.9 1.2.3.4',
    '"203.0.113.9"',
    ' ',
  ])("is nobody's where a trusted proxy wrote %j", (text) => {
    expect(seen(1, '10.0.0.1', `1.2.3.4, ${text}`)).toBeNull();
    expect(seen(ranges('10.0.0.0/8'), '10.0.0.1', `1.2.3.4, ${text}`)).toBeNull();
  });

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['  203.0.113.9\t', '203.0.113.9'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['[::ffff:cb00:7109]:443', '203.0.113.9'],
  ])('reads %j', (text, address) => {
    expect(seen(1, '10.0.0.1', text)).toBe(address);
  });

  it("reads the header Forwarded where the host's proxies write that, and the other one not", () => {
    const forwarded = (value: string) => seen(1, '10.0.0.1', value, 'forwarded');
    expect(forwarded('for=203.0.113.9;proto=https;by=10.0.0.1')).toBe('203.0.113.9');
    expect(forwarded('for=1.2.3.4, For="203.0.113.9:4711";proto=http')).toBe('203.0.113.9');
    expect(forwarded('for="[::ffff:203.0.113.9]:4711"')).toBe('203.0.113.9');
    expect(forwarded('for=1.2.3.4, by="a,for=5.6.7.8";for=203.0.113.9')).toBe('203.0.113.9');
    expect(forwarded('host="a;for=1.2.3.4,for=1.2.3.4";for=203.0.113.9')).toBe('203.0.113.9');
    expect(forwarded('host="a\\";for=1.2.3.4;";for=203.0.113.9')).toBe('203.0.113.9');
    for (const value of [
      'for=unknown',
      'for="_a"',
      'proto=https',
      '',
      'xfor=203.0.113.9',
      'for=203.0.113.9"',
      '"for=203.0.113.9',
      'for="1.2.3.4, for=203.0.113.9',
      'for=203.0.113.9;',
      'for=203.0.113.9 x',
    ])
      expect([value, forwarded(value)]).toEqual([value, null]);
    expect(
      clientAddress({ trusted: 1, header: 'forwarded' }, { remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': '203.0.113.9' } }),
    ).toBeNull();
  });

  it("is nobody's in a list longer than any chain of proxies", () => {
    expect(seen(1, '10.0.0.1', '203.0.113.9,'.repeat(1_000))).toBeNull();
    expect(seen(1, '10.0.0.1', 'for=203.0.113.9,'.repeat(1_000), 'forwarded')).toBeNull();
  });
});
