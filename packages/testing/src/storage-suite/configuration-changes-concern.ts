import type { Change, ConfigurationChanges, ConfigurationKind } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import type { Scenario } from './stage.ts';

const kinds: readonly ConfigurationKind[] = ['subscriber', 'registration'];

const put = (id: string, before: number | 'absent' = 'absent'): Change => ({
  put: 'subscriber',
  id,
  name: id,
  expect: before,
  value: { name: id, pattern: `v${before}.*` },
});

const subscribers = (changes: ConfigurationChanges | null): string[] | null =>
  changes === null ? null : (changes.rows.subscriber ?? []).map(({ id, version }) => `${id} ${version}`).sort();

/** What the changes since a revision promise: nothing is left out of them, and what is not remembered is said to be so. */
export function configurationChangesConcern(scenario: Scenario): void {
  describe('changes of the configuration', () => {
    scenario('are the rows that have changed or come since a revision, as they are now, and what is gone', async (stage) => {
      const { configuration } = stage.storage;
      await configuration.write('acme', [put('a'), put('b'), put('c')]);
      const none = { revision: { hub: 0, tenant: 1 }, rows: { subscriber: [], registration: [] }, gone: [] };
      expect(await configuration.changes('acme', kinds, 1)).toEqual(none);
      await configuration.write('acme', [put('b', 1), { delete: 'subscriber', id: 'c', expect: 1 }]);
      await configuration.write('acme', [put('d')]);
      await configuration.write('acme', [put('d', 1)]);
      await configuration.write('globex', [put('e')]);
      const changes = await configuration.changes('acme', kinds, 1);
      expect([changes?.revision, subscribers(changes), changes?.rows.registration]).toEqual([{ hub: 0, tenant: 4 }, ['b 2', 'd 2'], []]);
      expect(changes?.rows.subscriber?.find(({ id }) => id === 'd')).toEqual(await configuration.get('acme', 'subscriber', 'd'));
      expect(changes?.gone).toEqual([{ kind: 'subscriber', id: 'c' }]);
    });

    scenario('are of the kinds asked for, though others raised the revision', async (stage) => {
      const { configuration } = stage.storage;
      const automation = { name: 'triage', version: 1, enabled: true, definition: { steps: [] } };
      await configuration.write('acme', [put('a')]);
      await configuration.write('acme', [{ put: 'automation', id: 'b', name: 'triage', expect: 'absent', value: automation }]);
      const changes = await configuration.changes('acme', kinds, 1);
      expect([changes?.revision.tenant, changes?.rows, changes?.gone]).toEqual([2, { subscriber: [], registration: [] }, []]);
    });

    scenario('tell of a row that takes over the name of one that goes in the same write', async (stage) => {
      const { configuration } = stage.storage;
      await configuration.write('acme', [put('a')]);
      const heir: Change = { put: 'subscriber', id: 'b', name: 'a', expect: 'absent', value: { name: 'a', pattern: '*' } };
      const verdict = await configuration.write('acme', [{ delete: 'subscriber', id: 'a', expect: 1 }, heir]);
      expect(verdict).toEqual({ status: 'written', revision: 2 });
      expect((await configuration.find('acme', 'subscriber', 'a'))?.id).toBe('b');
      const changes = await configuration.changes('acme', kinds, 1);
      expect([subscribers(changes), changes?.gone]).toEqual([['b 1'], [{ kind: 'subscriber', id: 'a' }]]);
    });

    scenario(
      'are remembered for the last 100 revisions, and of what is further back or has not been it is said that they are not',
      async (stage) => {
        const { configuration } = stage.storage;
        await configuration.write('acme', [put('a')]);
        for (let version = 1; version <= 100; version += 1) await configuration.write('acme', [put('a', version)]);
        expect(subscribers(await configuration.changes('acme', kinds, 1))).toEqual(['a 101']);
        expect(await configuration.changes('acme', kinds, 102)).toBeNull();
        expect(subscribers(await configuration.changes('nobody', kinds, 0))).toEqual([]);
      },
    );

    scenario('leave nothing out, however many revisions there were', async (stage) => {
      const { configuration } = stage.storage;
      await configuration.write('acme', [put('a'), put('b')]);
      await configuration.write('acme', [put('b', 1)]);
      for (let version = 1; version <= 600; version += 1) await configuration.write('acme', [put('a', version)]);
      const found = await Promise.all([1, 2, 90, 346, 602].map((since) => configuration.changes('acme', kinds, since)));
      const right = [['a 601', 'b 2'], ['a 601'], ['a 601'], ['a 601'], []];
      expect(found.map(subscribers)).toEqual(right.map((each, index) => (found[index] === null ? null : each)));
      expect(found.at(-1)).not.toBeNull();
    });
  });
}
