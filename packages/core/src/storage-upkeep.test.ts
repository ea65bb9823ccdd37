import { describe, expect, it } from 'vitest';
import type { LeaseStore } from './contracts/control-stores.ts';
import type { Logger } from './logger/logger.ts';
import { silentLogger } from './logger/logger.ts';
import { createManualClock } from './net/__fixtures__/manual-clock.ts';
import { createStorageUpkeep } from './storage-upkeep.ts';

const hour = 3_600_000;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Clock = ReturnType<typeof createManualClock>;

/** The lease of a store that several processes share. */
function sharedLeases(clock: Clock): Pick<LeaseStore, 'acquire' | 'release'> {
  let held: { holder: string; until: number } | null = null;
  return {
    async acquire({ name, holder, ttlMs }) {
      if (held && held.holder !== holder && held.until > clock.now()) return null;
      held = { holder, until: clock.now() + ttlMs };
      return { name, fence: 1, until: held.until };
    },
    async release() {
      held = null;
    },
  };
}

function process(
  clock: Clock,
  leases: Pick<LeaseStore, 'acquire' | 'release'>,
  holder: string,
  maintain: () => Promise<void>,
  logger: Logger = silentLogger,
) {
  return createStorageUpkeep({ storage: { leases, maintain }, clock, logger, holder });
}

describe('the upkeep of a storage', () => {
  it('is done once an hour, by one of all processes', async () => {
    const clock = createManualClock();
    const leases = sharedLeases(clock);
    const times: string[] = [];
    const one = process(clock, leases, 'one', async () => void times.push('one'));
    const other = process(clock, leases, 'other', async () => void times.push('other'));
    one.start();
    other.start();
    await turn();
    expect(times).toEqual(['one']);
    for (let minutes = 0; minutes < 60; minutes += 10) {
      clock.advance(hour / 6);
      await turn();
    }
    expect(times).toHaveLength(2);
    await Promise.all([one.stop(), other.stop()]);
    clock.advance(2 * hour);
    await turn();
    expect(times).toHaveLength(2);
  });

  it('is tried again soon after it failed, by whoever comes first, and says so', async () => {
    const clock = createManualClock();
    const leases = sharedLeases(clock);
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (text) => void warnings.push(text) };
    let failures = 1;
    let done = 0;
    const maintain = async (): Promise<void> => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('away');
      }
      done += 1;
    };
    const one = process(clock, leases, 'one', maintain, logger);
    await one.work();
    expect(warnings).toHaveLength(1);
    await one.work();
    expect(done).toBe(0);
    await process(clock, leases, 'other', maintain).work();
    expect(done).toBe(1);
  });

  it('is not asked of a storage that keeps itself in order', async () => {
    const clock = createManualClock();
    const leases: Pick<LeaseStore, 'acquire' | 'release'> = {
      acquire: () => Promise.reject(new Error('asked')),
      release: () => Promise.reject(new Error('asked')),
    };
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (text) => void warnings.push(text) };
    const upkeep = createStorageUpkeep({ storage: { leases }, clock, logger, holder: 'one' });
    upkeep.start();
    await upkeep.work();
    await upkeep.stop();
    expect(warnings).toEqual([]);
  });
});
