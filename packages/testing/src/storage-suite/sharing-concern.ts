import { describe, expect } from 'vitest';
import { only, type Scenario, statuses } from './stage.ts';

/** What a second process on the same store sees and may do. */
export function sharingConcern(scenario: Scenario): void {
  describe('two processes on one store', () => {
    scenario('see what the other has stored, and go on with it', async (stage) => {
      const other = await stage.second();
      const item = stage.samples.automated(stage.samples.newId());
      await stage.storage.ingest([{ ...item, dedupe: { key: 'delivery-1', hash: null } }]);
      expect(statuses(await other.ingest([stage.samples.item({ dedupe: { key: 'delivery-1', hash: null } })]))).toEqual(['duplicate']);
      const claimed = only(await other.claim(stage.samples.claim({ holder: 'worker-b' })));
      expect(statuses(await stage.storage.settle([stage.samples.settle(claimed, { to: 'succeeded', output: '{}' })]))).toEqual(['settled']);
      expect(await other.history.dispatch(claimed.key)).toMatchObject({ status: 'succeeded', output: '{}' });
    });

    scenario('hold each other to a change of the configuration at once', async (stage) => {
      const other = await stage.second();
      const subscriber = { put: 'subscriber', id: 's-1', name: 'index', expect: 'absent', value: { name: 'index', pattern: '*' } } as const;
      await other.configuration.write('acme', [subscriber]);
      expect(await stage.storage.ingest([stage.samples.item()])).toEqual([{ status: 'moved', revision: { hub: 0, tenant: 1 } }]);
      await other.gates.close([{ tenant: 'acme', lane: 'subscriber:search-index', reason: 'paused', forMs: null }]);
      await stage.storage.ingest([stage.samples.item({ plan: stage.samples.plan({ revision: { hub: 0, tenant: 1 } }) })]);
      expect(await stage.storage.gates.list('acme')).toHaveLength(1);
      expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    });

    scenario('lose nothing when one of them goes', async (stage) => {
      const other = await stage.second();
      await other.ingest([stage.samples.item()]);
      await other.claim(stage.samples.claim({ holder: 'worker-b' }));
      await other.close();
      await stage.advance(31_000);
      const taken = only(await stage.storage.claim(stage.samples.claim({ kind: 'suspect', holder: 'worker-a' })));
      expect(taken).toMatchObject({ crashes: 1, holder: 'worker-a' });
    });

    scenario('agree on the time', async (stage) => {
      const other = await stage.second();
      const [before, between, after] = [await stage.storage.now(), await other.now(), await stage.storage.now()];
      expect(between).toBeGreaterThanOrEqual(before);
      expect(between).toBeLessThanOrEqual(after);
    });
  });
}
