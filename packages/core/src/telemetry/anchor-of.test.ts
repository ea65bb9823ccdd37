import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anchorOf } from './anchor-of.ts';
import { boundedNames } from './bounded-names.ts';
import { traceIdOf } from './trace-id-of.ts';

it('is the id of the event, for a uuid and nothing else', () => {
  fc.assert(fc.property(fc.uuid({ version: 7 }), (root) => traceIdOf(root) === root.replaceAll('-', '')));
  for (const root of ['', 'abc', '01890A5D-AC96-774B-BCCE-B302099A8057', '01890a5dac96774bbcceb302099a8057']) {
    expect(traceIdOf(root)).toBeNull();
    expect(anchorOf(root, 1)).toBeNull();
  }
});

it('is no place in a trace where the id is all zeros', () => {
  expect(anchorOf('00000000-0000-0000-0000-000000000000', 1)).toBeNull();
});

it('is sampled for every event, for none, or for about the share of them', () => {
  const roots = fc.sample(fc.noBias(fc.uuid({ version: 7 })), { numRuns: 2_000, seed: 7 });
  const sampled = (share: number): number => roots.filter((root) => anchorOf(root, share)?.traceFlags === 1).length;
  expect([sampled(0), sampled(1)]).toEqual([0, 2_000]);
  expect(Math.abs(sampled(0.25) - 500)).toBeLessThan(100);
  // What is sampled at a share is sampled at every greater one.
  expect(roots.filter((root) => anchorOf(root, 0.1)?.traceFlags === 1 && anchorOf(root, 0.2)?.traceFlags !== 1)).toEqual([]);
});

it('lets so many names through, and calls the rest by one', () => {
  const bound = boundedNames(2);
  expect(['a', 'b', 'c', 'a', 'd'].map(bound)).toEqual(['a', 'b', '_OTHER', 'a', '_OTHER']);
});
