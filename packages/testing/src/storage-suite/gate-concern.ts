import type { GateReason, GateStore } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage } from './stage.ts';

type Closing = Parameters<GateStore['close']>[0][number];

const lane = 'connection:1';
const close = (stage: Stage, reason: GateReason, forMs: number | null, tenant = 'acme') =>
  stage.storage.gates.close([{ tenant, lane, reason, forMs }]);
const open = (stage: Stage, reason: GateReason) => stage.storage.gates.open([{ tenant: 'acme', lane, reason }]);
const put = (stage: Stage) => {
  const root = stage.samples.newId();
  return stage.storage.ingest([stage.samples.call(root, [stage.samples.dispatch(root, { lane })])]);
};
const claimed = async (stage: Stage): Promise<number> => (await stage.storage.claim(stage.samples.claim())).length;

/** What gates promise: a lane is closed while any of its gates is. */
export function gateConcern(scenario: Scenario): void {
  describe('gates', () => {
    scenario('lists what is closed, with reason and end', async (stage) => {
      const now = await stage.storage.now();
      await close(stage, 'rate_limited', 60_000);
      await close(stage, 'paused', null);
      const gates = (await stage.storage.gates.list('acme')).toSorted((left, right) => left.reason.localeCompare(right.reason));
      expect(gates).toMatchObject([
        { tenant: 'acme', lane, reason: 'paused', until: null },
        { tenant: 'acme', lane, reason: 'rate_limited' },
      ]);
      expect(gates[1]?.until).toBeGreaterThanOrEqual(now + 60_000);
      expect(gates[1]?.until).toBeLessThan(now + 120_000);
    });

    scenario('opens a lane when its last gate opens', async (stage) => {
      await put(stage);
      await close(stage, 'paused', null);
      await close(stage, 'breaker', 10_000);
      expect(await claimed(stage)).toBe(0);
      await open(stage, 'paused');
      expect(await claimed(stage)).toBe(0);
      await stage.advance(11_000);
      expect(await stage.storage.gates.list('acme')).toEqual([]);
      expect(await claimed(stage)).toBe(1);
    });

    scenario('keeps a lane closed when one of its gates runs out and another does not', async (stage) => {
      await put(stage);
      await close(stage, 'paused', null);
      await close(stage, 'rate_limited', 20_000);
      await close(stage, 'breaker', 5_000);
      await stage.advance(6_000);
      expect(await claimed(stage)).toBe(0);
      await open(stage, 'paused');
      expect(await claimed(stage)).toBe(0);
      await stage.advance(15_000);
      expect(await claimed(stage)).toBe(1);
    });

    scenario('never lets an earlier end replace a later one, nor any end replace none', async (stage) => {
      await close(stage, 'rate_limited', 60_000);
      const [before] = await stage.storage.gates.list('acme');
      await close(stage, 'rate_limited', 5_000);
      expect(await stage.storage.gates.list('acme')).toEqual([before]);
      await close(stage, 'rate_limited', 120_000);
      expect(only(await stage.storage.gates.list('acme')).until).toBeGreaterThan(before?.until ?? 0);
      await close(stage, 'rate_limited', null);
      await close(stage, 'rate_limited', 5_000);
      expect(only(await stage.storage.gates.list('acme')).until).toBeNull();
    });

    scenario('closes anew a gate whose time has passed', async (stage) => {
      await put(stage);
      await close(stage, 'rate_limited', 5_000);
      await stage.advance(6_000);
      await close(stage, 'rate_limited', 5_000);
      expect(await claimed(stage)).toBe(0);
      await stage.advance(6_000);
      expect(await claimed(stage)).toBe(1);
    });

    scenario('keeps an open lane open and opens what is closed twice once', async (stage) => {
      await open(stage, 'paused');
      await close(stage, 'paused', null);
      await close(stage, 'paused', null);
      await open(stage, 'paused');
      expect(await stage.storage.gates.list('acme')).toEqual([]);
    });

    scenario('refuses a time that bounds nothing, and closes none of the gates beside it', async (stage) => {
      await put(stage);
      for (const forMs of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1]) {
        const gates = [5_000, forMs].map((each): Closing => ({ tenant: 'acme', lane, reason: 'breaker', forMs: each }));
        await expect(stage.storage.gates.close(gates)).rejects.toMatchObject({ code: 'invalid_argument' });
      }
      expect(await stage.storage.gates.list('acme')).toEqual([]);
      expect(await claimed(stage)).toBe(1);
    });

    scenario('closes the lane of one tenant only', async (stage) => {
      await put(stage);
      await close(stage, 'paused', null, 'globex');
      expect(await stage.storage.gates.list('acme')).toEqual([]);
      expect(await stage.storage.gates.list('globex')).toHaveLength(1);
      expect(await claimed(stage)).toBe(1);
    });
  });
}
