import { describe, expect, it } from 'vitest';
import { limitsFault } from './limit-fault.ts';

const good = { name: 'all', requests: 10, windowMs: 1_000 };

describe('a list of limits', () => {
  it.each([
    [[]],
    [[good]],
    [
      [
        { ...good, per: 'method', paths: ['/chat.postMessage', '/repos/{}/{}'] },
        { ...good, name: 'day' },
      ],
    ],
  ])('is sound: %j', (limits) => {
    expect(limitsFault(limits)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    ['all', 'no list'],
    [Array.from({ length: 51 }, (_, index) => ({ ...good, name: `n${index}` })), 'no list'],
    [[null], 'no object'],
    [[{ ...good, name: 'All requests' }], 'no name'],
    [[{ ...good, per: 'tenant' }], 'per something else'],
    [[{ ...good, requests: 0 }], 'requests'],
    [[{ ...good, requests: Number.NaN }], 'requests'],
    [[{ ...good, requests: 1.5 }], 'requests'],
    [[{ ...good, windowMs: 99 }], 'windowMs'],
    [[{ ...good, windowMs: Number.POSITIVE_INFINITY }], 'windowMs'],
    [[{ ...good, paths: [] }], 'paths'],
    [[{ ...good, paths: ['chat'] }], 'paths'],
    [[good, good], 'one name'],
  ])('is not: %j', (limits, fault) => {
    expect(limitsFault(limits)).toContain(fault);
  });
});
