import { describe, expect, it, vi } from 'vitest';
import type { LedgerLine } from './read-ledger.ts';
import { type History, simulate } from './simulate.ts';
import { calm, type Weather } from './weather.ts';

vi.mock('../../../core/src/net/create-network.ts', () => import('./network-of-clock.ts'));
vi.mock('../../../core/src/gateway/limits/permit-line.ts', () => import('./line-at-once.ts'));

/** Histories in one weather. */
const usual = process.env['PATCHBAY_NIGHTLY'] === '1' ? 40 : 15;

/** Lives through as many histories in one weather, each with another seed, and expects no promise to be broken. */
async function liveIn(weather: Partial<Weather>, count = usual): Promise<readonly History[]> {
  const histories: History[] = [];
  for (let seed = 1; seed <= count; seed += 1) {
    const history = await simulate(100_000 + seed, { ...calm, ...weather });
    expect({ seed: history.seed, faults: history.faults }).toEqual({ seed: history.seed, faults: [] });
    histories.push(history);
  }
  return histories;
}

const linesOf = (histories: readonly History[]): readonly LedgerLine[] => histories.flatMap(({ ledger }) => ledger.lines);
const told = (histories: readonly History[], pattern: RegExp): number =>
  histories.reduce((count, { trace }) => count + trace.filter((line) => pattern.test(line)).length, 0);

describe('a promise of the hub', { timeout: 180_000 }, () => {
  it('what is acknowledged is never lost, wherever processes die and whichever answers are lost', async () => {
    const histories = await liveIn({ death: 0.02, lostAnswer: 0.03, kills: 4, events: 8, calls: 4 });
    expect(told(histories, / dies /)).toBeGreaterThan(2.5 * histories.length);
    expect(told(histories, /is acknowledged/)).toBeGreaterThan(7.5 * histories.length);
  });

  it('the same delivery makes one event, however often and by however many ways it comes', async () => {
    const histories = await liveIn({ events: 12, slowCall: 0.5, lostAnswer: 0.05 });
    expect(told(histories, /is acknowledged as duplicate/)).toBeGreaterThan(1.25 * histories.length);
  });

  it('a change of configuration holds for every event that is committed after it', async () => {
    const histories = await liveIn({ events: 20, calls: 8, configurationChanges: 30, restless: 0.7, slowCall: 0.7, processes: 3 });
    expect(told(histories, /(enables|disables) .* just now/)).toBeGreaterThan(12.5 * histories.length);
    expect(told(histories, / unplanned/)).toBeGreaterThan(1.25 * histories.length);
  });

  it('nothing is sent by a worker that has stalled past its lease, and what it writes late is refused', async () => {
    const moods = { ...calm.moods, hangs_after: 30, hangs_before: 30 };
    const histories = await liveIn({ stalls: 12, events: 12, processes: 3, slowCall: 0.8, moods }, 40);
    expect(told(histories, /stalls/)).toBeGreaterThan(200);
    expect(told(histories, /: fenced/)).toBeGreaterThan(5);
  });

  it('an effect is single where the provider honours the key or can be asked, and an unsafe one is never repeated unasked', async () => {
    const moods = { ...calm.moods, fails_after: 20, resets_after: 20, applies_late: 40, hangs_after: 10, is_away: 20 };
    const histories = await liveIn({ moods, death: 0.02, kills: 3, events: 10 }, 50);
    expect(told(histories, /reconcile/)).toBeGreaterThan(50);
    expect(told(histories, /once .* is done/)).toBeGreaterThan(50);
  });

  it('what waits uses neither attempts nor crashes: closed gates, drains and bounded turns', async () => {
    const histories = await liveIn({ gateChanges: 12, gracefulStops: 6, events: 12, processes: 3, slowCall: 0.2 });
    const lines = linesOf(histories);
    expect(lines.length).toBeGreaterThan(12.5 * histories.length);
    expect(lines.filter(({ attempts }) => attempts.length !== 1)).toEqual([]);
    expect(lines.every(({ dispatch }) => dispatch.crashes === 0 && dispatch.status === 'succeeded')).toBe(true);
    expect(told(histories, /has stopped/)).toBeGreaterThan(2.5 * histories.length);
  });

  it('a limit is waited for as long as the provider asks', async () => {
    const histories = await liveIn({ moods: { ...calm.moods, limits: 60 }, events: 8 });
    expect(told(histories, /rate_limited/)).toBeGreaterThan(2.5 * histories.length);
  });

  it('losing every wake-up costs a poll interval and nothing else', async () => {
    const histories = await liveIn({ lostWake: 1, events: 8, calls: 4, processes: 3 });
    for (const { dispatch } of linesOf(histories))
      expect((dispatch.finishedAt ?? Number.POSITIVE_INFINITY) - dispatch.createdAt).toBeLessThan(2_500);
  });

  it('a lost answer of the store counts neither an attempt nor a crash', async () => {
    const histories = await liveIn({ lostAnswer: 0.1, events: 8, processes: 2 });
    expect(told(histories, /its answer is lost/)).toBeGreaterThan(12.5 * histories.length);
    expect(linesOf(histories).some(({ dispatch }) => dispatch.status === 'dead')).toBe(false);
  });

  it('no wall clock decides anything', async () => {
    const histories = await liveIn({ clockJumps: 20, events: 8, kills: 1 });
    expect(told(histories, /wall clock jumps/)).toBeGreaterThan(12.5 * histories.length);
  });
});

describe('a dispatch that kills its process', { timeout: 180_000 }, () => {
  it('is given up at the cap, and takes no neighbour along', async () => {
    const histories = await liveIn({ poison: true, events: 8, processes: 3 });
    for (const { ledger, trace } of histories) {
      const deaths = trace.filter((line) => line.includes('dies of poison')).length;
      const poisoned = ledger.lines.filter(({ dispatch }) => dispatch.error?.code === 'crash_limit');
      expect(deaths).toBe(3);
      expect(poisoned.map(({ dispatch }) => dispatch.status)).toEqual(['held']);
      const neighbours = ledger.lines.filter((line) => !poisoned.includes(line));
      expect(neighbours.every(({ dispatch }) => dispatch.crashes <= 1)).toBe(true);
    }
  });
});
