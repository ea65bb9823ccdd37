import type { IngestItem, IngestState } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { type Scenario, type Stage, statuses } from './stage.ts';

const cursor = (expectation: IngestState['expect'], value: IngestState['value']): IngestState => ({
  name: 'poll:cursor',
  expect: expectation,
  value,
});

const moving = (stage: Stage, state: IngestState, overrides: Partial<IngestItem> = {}): IngestItem =>
  stage.samples.item({ ...overrides, state });

const stored = async ({ storage, samples }: Stage) => {
  const entry = await storage.states.read(samples.tenant, 'poll:cursor');
  return entry && { version: entry.version, value: entry.value };
};

const isThere = async ({ storage }: Stage, { tenant, root }: IngestItem): Promise<boolean> =>
  (await storage.history.event(tenant, root)) !== null;

/** What a state that goes with an event promises: both or neither, and never back. */
export function ingestStateConcern(scenario: Scenario): void {
  describe('a state that goes with an event', () => {
    scenario('is written with it', async (stage) => {
      const first = moving(stage, cursor('absent', { at: 1 }));
      const second = moving(stage, cursor(1, { at: 2 }));
      expect(statuses(await stage.storage.ingest([first]))).toEqual(['created']);
      expect(await stored(stage)).toEqual({ version: 1, value: { at: 1 } });
      expect(statuses(await stage.storage.ingest([second]))).toEqual(['created']);
      expect(await stored(stage)).toEqual({ version: 2, value: { at: 2 } });
      expect([await isThere(stage, first), await isThere(stage, second)]).toEqual([true, true]);
    });

    scenario('keeps a late process from storing an event and from moving it back', async (stage) => {
      await stage.storage.ingest([moving(stage, cursor('absent', { at: 1 }))]);
      await stage.storage.ingest([moving(stage, cursor(1, { at: 9 }))]);
      for (const late of [moving(stage, cursor(1, { at: 2 })), moving(stage, cursor('absent', { at: 1 })), moving(stage, cursor(7, 0))]) {
        expect(await stage.storage.ingest([late])).toEqual([{ status: 'stale' }]);
        expect(await isThere(stage, late)).toBe(false);
      }
      expect(await stored(stage)).toEqual({ version: 2, value: { at: 9 } });
    });

    scenario('gives a repeated call the same verdict and counts one write', async (stage) => {
      const item = moving(stage, cursor('absent', { at: 1 }), { dedupe: { key: 'provider-1', hash: null } });
      for (let tries = 0; tries < 3; tries += 1) expect(statuses(await stage.storage.ingest([item]))).toEqual(['created']);
      expect(await stored(stage)).toEqual({ version: 1, value: { at: 1 } });
    });

    scenario('is written where the event has come before, so that nobody waits for it for ever', async (stage) => {
      const dedupe = { key: 'provider-1', hash: null };
      const first = stage.samples.item({ dedupe });
      await stage.storage.ingest([first]);
      const again = moving(stage, cursor('absent', { at: 1 }), { dedupe });
      expect(await stage.storage.ingest([again])).toEqual([{ status: 'duplicate', root: first.root }]);
      expect(await stored(stage)).toEqual({ version: 1, value: { at: 1 } });
    });

    scenario('stays as it is where the event is not stored', async (stage) => {
      const { tenant } = stage.samples;
      await stage.storage.ingest([stage.samples.item({ dedupe: { key: 'k', hash: 'one' } })]);
      const conflict = moving(stage, cursor('absent', { at: 1 }), { dedupe: { key: 'k', hash: 'two' } });
      expect(statuses(await stage.storage.ingest([conflict]))).toEqual(['conflict']);
      const { hub, tenant: revision } = await stage.storage.configuration.revision(tenant);
      const plan = stage.samples.plan({ revision: { hub, tenant: revision + 1 } });
      expect(statuses(await stage.storage.ingest([moving(stage, cursor('absent', { at: 1 }), { plan })]))).toEqual(['moved']);
      expect(await stored(stage)).toBeNull();
    });

    scenario('lets one of many racers store', async (stage) => {
      await stage.storage.ingest([moving(stage, cursor('absent', 0))]);
      const items = Array.from({ length: 12 }, (_, index) => moving(stage, cursor(1, index + 1)));
      const verdicts = (await Promise.all(items.map((item) => stage.storage.ingest([item])))).flat();
      expect(statuses(verdicts).sort()).toEqual(['created', ...Array.from({ length: 11 }, () => 'stale')]);
      const winner = verdicts.findIndex(({ status }) => status === 'created');
      expect(await stored(stage)).toEqual({ version: 2, value: winner + 1 });
      const found = await Promise.all(items.map((item) => isThere(stage, item)));
      expect(found.filter(Boolean)).toHaveLength(1);
    });

    scenario('holds up nobody beside it in a batch', async (stage) => {
      await stage.storage.ingest([moving(stage, cursor('absent', 0))]);
      const batch = [
        stage.samples.item(),
        moving(stage, cursor(5, 1)),
        stage.samples.item(),
        moving(stage, cursor(1, 2)),
        stage.samples.item(),
      ];
      expect(statuses(await stage.storage.ingest(batch))).toEqual(['created', 'stale', 'created', 'created', 'created']);
      expect(await stored(stage)).toEqual({ version: 2, value: 2 });
    });
  });
}
