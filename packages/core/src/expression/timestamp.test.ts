import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Duration, formatDuration, parseDuration } from './duration.ts';
import { formatTimestamp, parseTimestamp, Timestamp } from './timestamp.ts';

describe('timestamps', () => {
  test.each([
    ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00Z'],
    ['2026-01-31t08:00:00z', '2026-01-31T08:00:00Z'],
    ['2026-01-31T08:00:00.5-05:30', '2026-01-31T13:30:00.5Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['1969-12-31T23:59:59.999999999Z', '1969-12-31T23:59:59.999999999Z'],
  ])('%s is read and written as %s', (text, written) => {
    const timestamp = parseTimestamp(text);
    expect(timestamp && formatTimestamp(timestamp)).toBe(written);
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    'now',
    '',
    ' 2026-01-01T00:00:00Z',
  ])('%s is no timestamp', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -62_135_596_800_000_000_000n, max: 253_402_300_799_999_999_999n }), (nanoseconds) => {
        expect(parseTimestamp(formatTimestamp(new Timestamp(nanoseconds)))?.nanoseconds).toBe(nanoseconds);
      }),
    );
  });
});

describe('durations', () => {
  test.each([
    ['1h30m', '5400s'],
    ['-2.5s', '-2.5s'],
    ['150ms', '0.15s'],
    ['1us', '0.000001s'],
    ['1µs', '0.000001s'],
    ['1ns', '0.000000001s'],
    ['0', '0s'],
    ['+1.5h', '5400s'],
  ])('%s is read and written as %s', (text, written) => {
    const duration = parseDuration(text);
    expect(duration && formatDuration(duration)).toBe(written);
  });

  test.each(['', '-', '1', '1d', 'h', '1h-', '1 h', '.5s', '1.s', '300000000h', '9'.repeat(100)])('%s is no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -9_223_372_036_854_775_807n, max: 9_223_372_036_854_775_807n }), (nanoseconds) => {
        expect(parseDuration(formatDuration(new Duration(nanoseconds)))?.nanoseconds).toBe(nanoseconds);
      }),
    );
  });
});
