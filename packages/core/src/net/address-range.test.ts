import { describe, expect, it } from 'vitest';
import { canonicalAddress, isWithin, parseAddressRange } from './address-range.ts';

const holds = (range: string, address: string): boolean => {
  const bytes = canonicalAddress(address);
  const parsed = parseAddressRange(range);
  if (!bytes || !parsed) throw new Error(`${range} or ${address} is none`);
  return isWithin(bytes, parsed);
};

describe('an address range', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.255', '192.0.3.0'],
    ['192.0.2.7', '192.0.2.7', '192.0.2.6'],
    ['192.0.2.128/25', '192.0.2.128', '192.0.2.127'],
    ['0.0.0.0/0', '255.255.255.255', '::1'],
    ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::1'],
    ['2001:db8::/33', '2001:db8:7fff::1', '2001:db8:8000::1'],
    ['::/0', '2001:db8::1', '192.0.2.1'],
    ['::ffff:192.0.2.0/120', '192.0.2.9', '192.0.3.9'],
    ['192.0.2.0/24', '::ffff:192.0.2.9', '::ffff:192.0.3.9'],
    ['192.0.2.0/24', '::ffff:c000:209', '::192.0.2.9'],
  ])('%s holds %s and not %s', (range, inside, outside) => {
    expect([holds(range, inside), holds(range, outside)]).toEqual([true, false]);
  });

  it.each([
    '',
    '192.0.2.1/24',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/024',
    '192.0.2.0/+24',
    '192.0.2.0/24/24',
    '192.0.2.0/-1',
    '192.0.2/24',
    '0300.0.2.0/24',
    '192.0.2.0 /24',
    'localhost',
    '2001:db8::/129',
    '2001:db8::1/32',
    'fe80::1%eth0',
    '[::1]',
  ])('is not %j', (text) => {
    expect(parseAddressRange(text)).toBeUndefined();
  });
});
