import { describe, expect, it } from 'vitest';
import { type BreakerState, breakerName, closed, isOpen, isStale, opened, readBreaker } from './breaker-state.ts';

const times = { firstOpenMs: 10_000, longestOpenMs: 300_000 };
const at = 1_000_000;
const open = (before: BreakerState | null, changes: { readonly now?: number; readonly random?: number } = {}) =>
  opened(before, { ...times, now: at, random: 0, cause: 'network', ...changes });

describe('the state of a breaker', () => {
  it('stays open twice as long each time that it opens in a row, up to the longest', () => {
    let state: BreakerState | null = null;
    const lengths = Array.from({ length: 7 }, () => {
      state = open(state);
      return state.openUntil - at;
    });
    expect(lengths).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  });

  it('adds up to a fifth by chance', () => {
    expect(open(null, { random: 1 }).openUntil - at).toBe(12_000);
  });

  it('goes on counting where it opens again within ten minutes of closing, and begins anew after that', () => {
    const before = closed(open(open(null)), at);
    expect(isOpen(before)).toBe(false);
    expect(open(before, { now: at + 599_999 }).opens).toBe(3);
    expect(open(before, { now: at + 600_000 }).opens).toBe(1);
  });

  it('says nothing ten minutes after it has closed, and a day after nobody has asked for it', () => {
    const state = open(null);
    expect([isStale(state, state.openUntil + 86_400_000), isStale(state, state.openUntil + 86_400_001)]).toEqual([false, true]);
    const shut = closed(state, at);
    expect([isStale(shut, at + 600_000), isStale(shut, at + 600_001)]).toEqual([false, true]);
  });

  it('is read back as it was stored, and not from anything else', () => {
    const state = open(null);
    expect(readBreaker({ ...state })).toEqual(state);
    expect(readBreaker({ ...state, cause: 'weather' })?.cause).toBe('unknown');
    for (const value of [null, 5, 'x', [], {}, { ...state, opens: '1' }]) expect(readBreaker(value)).toBeNull();
    expect(readBreaker(undefined)).toBeNull();
  });

  it('has a name below that of its connection', () => {
    expect(breakerName('c1', 'https://api.example.com')).toBe('breaker:c1:https://api.example.com');
    expect(breakerName('c1', 'https://api.example.com').startsWith(breakerName('c1'))).toBe(true);
    expect(breakerName('c1').startsWith(breakerName())).toBe(true);
  });
});
