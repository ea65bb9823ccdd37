import { beforeEach, describe, expect, it } from 'vitest';
import type { StateEntry, StateStore } from '../../contracts/state-store.ts';
import { createManualClock, type ManualClock } from '../../net/__fixtures__/manual-clock.ts';
import type { Notify } from '../../notices/notices.ts';
import { createEndpointWatch, type EndpointWatch } from './endpoint-watch.ts';

const minute = 60_000;
const endpoint = { tenant: 'acme', id: 'e1', name: 'shop' };

let clock: ManualClock;
let given: unknown[];
let warned: string[];
let entries: Map<string, StateEntry>;
let faults: ('before' | 'after')[];
let writes: number;
let ids = 0;

beforeEach(() => {
  clock = createManualClock();
  [given, warned, entries, faults, writes] = [[], [], new Map(), [], 0];
});

/** States with compare-and-set, as the contract has them. */
const states: Pick<StateStore, 'read' | 'write'> = {
  read: async (_tenant, name) => entries.get(name) ?? null,
  async write(items) {
    writes += 1;
    const fault = faults.shift();
    if (fault === 'before') throw new Error('away');
    const verdicts = items.map(({ name, expect: expected, value }) => {
      const entry = entries.get(name);
      if (JSON.stringify(entry?.value) === JSON.stringify(value)) return { status: 'written' } as const;
      if (expected !== 'any' && (entry?.version ?? 'absent') !== expected) return { status: 'conflict' } as const;
      entries.set(name, { name, version: (entry?.version ?? 0) + 1, value, updatedAt: 0 });
      return { status: 'written' } as const;
    });
    if (fault === 'after') throw new Error('the answer was lost');
    return verdicts;
  },
};

function watching(): EndpointWatch {
  const notify: Notify = (name, notice) => void given.push([name, notice]);
  const ignore = (): void => undefined;
  const logger = { debug: ignore, info: ignore, error: ignore, warn: (message: string) => void warned.push(message) };
  return createEndpointWatch({ states, clock, generateId: () => `write-${++ids}`, notify, logger });
}

/** Notes `f` as a failure and everything else as a success. */
async function note(watch: EndpointWatch, attempts: string): Promise<void> {
  for (const attempt of attempts) watch.note(endpoint, attempt === 'f');
  await watch.flush();
}

const names = () => given.map((notice) => (Array.isArray(notice) ? notice[0] : null));

describe('the watch of an endpoint', () => {
  it('says nothing of 19 attempts, nor of 20 of which half have failed', async () => {
    const watch = watching();
    await note(watch, 'f'.repeat(19));
    expect(given).toEqual([]);
    clock.advance(11 * minute);
    await note(watch, 'fs'.repeat(10));
    expect(given).toEqual([]);
  });

  it('tells once when 11 of 20 have failed, once when it recovers, and once more when it fails again', async () => {
    const watch = watching();
    await note(watch, `${'fs'.repeat(9)}f`);
    expect(given).toEqual([]);
    await note(watch, 'f');
    expect(given).toEqual([
      ['endpoint.failing', { tenant: 'acme', endpointId: 'e1', name: 'shop', attempts: 20, failed: 11, at: clock.now() }],
    ]);
    const failingSince = clock.now();
    for (let minutes = 0; minutes < 30; minutes += 1) {
      clock.advance(minute);
      await note(watch, 'ffffs');
    }
    expect(given).toHaveLength(1);
    clock.advance(10 * minute);
    await note(watch, 's');
    expect(given[1]).toEqual([
      'endpoint.recovered',
      { tenant: 'acme', endpointId: 'e1', name: 'shop', attempts: 1, failed: 0, failingSince, at: clock.now() },
    ]);
    await note(watch, 's'.repeat(9));
    await note(watch, 'f'.repeat(11));
    expect(names()).toEqual(['endpoint.failing', 'endpoint.recovered', 'endpoint.failing']);
  });

  it('forgets what is older than ten minutes', async () => {
    const watch = watching();
    await note(watch, 'f'.repeat(10));
    clock.advance(10 * minute);
    await note(watch, 'f'.repeat(10));
    expect(given).toEqual([]);
  });

  it('does not recover by silence, nor while more than a quarter fail', async () => {
    const watch = watching();
    await note(watch, 'f'.repeat(20));
    clock.advance(60 * minute);
    await note(watch, 'f');
    await note(watch, 'ss');
    expect(names()).toEqual(['endpoint.failing']);
    await note(watch, 's');
    expect(names()).toEqual(['endpoint.failing', 'endpoint.recovered']);
  });

  it('adds up what two processes see, and one of them tells', async () => {
    const [one, other] = [watching(), watching()];
    await Promise.all([note(one, 'f'.repeat(10)), note(other, 's'.repeat(9))]);
    expect(given).toEqual([]);
    await Promise.all([note(one, 'f'), note(other, 'f')]);
    await Promise.all([note(one, 'ff'), note(other, 'ff')]);
    expect(names()).toEqual(['endpoint.failing']);
    clock.advance(15 * minute);
    await Promise.all([note(one, 's'), note(other, 's')]);
    expect(names()).toEqual(['endpoint.failing', 'endpoint.recovered']);
  });

  it('loses nothing of two processes that have seen the same', async () => {
    const [one, other] = [watching(), watching()];
    await Promise.all([note(one, 'fs'), note(other, 'fs')]);
    await Promise.all([note(one, 'f'), note(other, 'f')]);
    expect(entries.get('delivery-window:e1')?.value).toMatchObject({ minutes: [[expect.any(Number), 6, 4]] });
  });

  it('tells although the answer to its write was lost, and of what was not written it forgets', async () => {
    const watch = watching();
    faults.push('after');
    await note(watch, 'f'.repeat(20));
    expect(names()).toEqual(['endpoint.failing']);
    faults.push('before', 'before');
    clock.advance(60 * minute);
    await note(watch, 's');
    expect(warned).toEqual(['how endpoints are doing could not be shared with other processes']);
    await note(watch, 's');
    expect(given[1]).toMatchObject(['endpoint.recovered', { attempts: 1 }]);
  });

  it('shares a failure within a second, and successes alone within ten, so that nothing is written for each', async () => {
    const watch = watching();
    for (let attempts = 0; attempts < 100; attempts += 1) watch.note(endpoint, false);
    clock.advance(9_999);
    expect(writes).toBe(0);
    clock.advance(1);
    await watch.flush();
    expect(writes).toBe(1);
    watch.note(endpoint, false);
    watch.note(endpoint, true);
    clock.advance(1_000);
    await watch.flush();
    expect(writes).toBe(2);
    const kept = entries.get('delivery-window:e1');
    expect(kept?.value).toMatchObject({ minutes: [[expect.any(Number), 102, 1]], failingSince: null });
  });
});
