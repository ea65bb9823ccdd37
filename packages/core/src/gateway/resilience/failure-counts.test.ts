import { describe, expect, it } from 'vitest';
import { createFailureCounts } from './failure-counts.ts';

function setUp() {
  let now = 0;
  const counts = createFailureCounts({ calls: 20, leastCalls: 10, share: 0.5 }, () => now);
  return { counts, pass: (ms: number) => (now += ms) };
}

/** How many failures in a row open it, at most so many. */
function failuresUntilOpen(counts: ReturnType<typeof setUp>['counts'], place = 'a', most = 50): number {
  for (let failures = 1; failures <= most; failures += 1) if (counts.failed(place)) return failures;
  return most + 1;
}

describe('the counts of a process', () => {
  it('open after ten failures in a row, and begin anew then', () => {
    const { counts } = setUp();
    expect(failuresUntilOpen(counts)).toBe(10);
    expect(counts.size).toBe(0);
    expect(failuresUntilOpen(counts)).toBe(10);
  });

  it('open where more than half of the last twenty calls have failed', () => {
    const { counts } = setUp();
    for (let turn = 0; turn < 50; turn += 1) {
      expect(counts.failed('a')).toBe(false);
      counts.succeeded('a');
      counts.succeeded('a');
    }
    // Six or seven of the window are failures already, and each new one takes the place of an old one.
    expect(failuresUntilOpen(counts)).toBe(7);
  });

  it('keep each place for itself', () => {
    const { counts } = setUp();
    for (let failure = 1; failure < 10; failure += 1) counts.failed('a');
    expect(counts.failed('b')).toBe(false);
    expect(counts.failed('a')).toBe(true);
  });

  it('hold nothing of a place that works, and forget one that works again', () => {
    const { counts } = setUp();
    counts.succeeded('a');
    expect(counts.size).toBe(0);
    counts.failed('a');
    for (let success = 0; success < 20; success += 1) counts.succeeded('a');
    expect(counts.size).toBe(0);
  });

  it('begin anew where nothing has failed for ten minutes', () => {
    const { counts, pass } = setUp();
    for (let failure = 1; failure < 10; failure += 1) counts.failed('a');
    pass(600_000);
    expect(counts.failed('a')).toBe(false);
    expect(failuresUntilOpen(counts)).toBe(9);
  });

  it('hold ten thousand places at most', () => {
    const { counts } = setUp();
    for (let place = 0; place < 10_050; place += 1) counts.failed(`p${place}`);
    expect(counts.size).toBe(10_000);
  });
});
