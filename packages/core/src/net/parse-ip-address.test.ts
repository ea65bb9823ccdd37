import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpAddress } from './parse-ip-address.ts';

const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 });
const bytesOf = (values: readonly number[]): number[] => values.flatMap((value) => [value >> 8, value & 255]);

describe('parseIpAddress', () => {
  it('reads every IPv4 address', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }), (bytes) => {
        expect(parseIpAddress(bytes.join('.'))).toEqual(Uint8Array.from(bytes));
      }),
    );
  });

  it('reads every IPv6 address, written out, compressed by the URL parser and with an IPv4 tail', () => {
    fc.assert(
      fc.property(groups, (values) => {
        const bytes = bytesOf(values);
        const full = values.map((value) => value.toString(16)).join(':');
        const head = full.split(':').slice(0, 6).join(':');
        const compressed = new URL(`http://[${full}]`).hostname.slice(1, -1);
        for (const text of [full, full.toUpperCase(), compressed, `${head}:${bytes.slice(12).join('.')}`]) {
          expect([text, parseIpAddress(text)]).toEqual([text, Uint8Array.from(bytes)]);
        }
      }),
    );
  });

  it.each([
    '',
    'localhost',
    '127.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    '1.2.3.4.5',
    '1.2.3.256',
    ' 1.2.3.4',
    '1.2.3.4.',
    '[::1]',
    'fe80::1%eth0',
    '::1::',
    ':::',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
  ])('refuses %j', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });
});
