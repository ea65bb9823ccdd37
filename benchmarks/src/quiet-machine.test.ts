import { expect, it } from 'vitest';
import { busyShare, parseProcessorTimes } from './quiet-machine.ts';

it('reads busy and total ticks from the first line of /proc/stat', () => {
  const stat = 'cpu  100 5 50 800 20 3 2 20 7 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
  expect(parseProcessorTimes(stat)).toEqual({ busy: 180, total: 1_000 });
});

it('answers null for another text', () => {
  expect(parseProcessorTimes('intr 1 2 3')).toBeNull();
});

it('compares two readings', () => {
  expect(busyShare({ busy: 100, total: 1_000 }, { busy: 130, total: 1_100 })).toBeCloseTo(0.3);
  expect(busyShare({ busy: 1, total: 5 }, { busy: 1, total: 5 })).toBe(0);
});
