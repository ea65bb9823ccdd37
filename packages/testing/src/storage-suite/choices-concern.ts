import type { Change, ConnectorChangeRecord, ConnectorChoices, Storage } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import type { Scenario } from './stage.ts';

const choices = (room: string): ConnectorChoices => ({
  values: { room, more: { list: [1, null, 'two', true], empty: {}, text: 'a "quoted" \\ line\n' } },
  flags: { dimming: true },
  off: { actions: ['look'], triggers: [] },
});

const idOf = (connector: string, revision: number): string => `${connector}/${String(1_000 - revision)}`;

/** What is set for a connector under a revision, with the record of the change. */
function setting(connector: string, revision: number, more: readonly Change[] = []): readonly Change[] {
  const before = revision === 1 ? null : choices(`room-${revision - 1}`);
  const after = choices(`room-${revision}`);
  const at = 1_790_000_000_000 + revision;
  const change: ConnectorChangeRecord = {
    ...{ connector, revision, actor: { kind: 'user', id: 'ada' }, at },
    ...{ before, after, changed: ['values.room'] },
  };
  const id = idOf(connector, revision);
  return [
    {
      ...{ put: 'connector_configuration', id: connector, name: connector, expect: revision === 1 ? 'absent' : revision - 1 },
      value: { ...after, revision },
    },
    { put: 'connector_change', id, name: id, expect: 'absent', value: change },
    ...more,
  ];
}

async function setMany({ configuration }: Pick<Storage<unknown>, 'configuration'>, connector: string, count: number): Promise<void> {
  for (let revision = 1; revision <= count; revision += 1) {
    expect(await configuration.write('acme', setting(connector, revision))).toMatchObject({ status: 'written' });
  }
}

const revisionsAfter = async ({ configuration }: Pick<Storage<unknown>, 'configuration'>, cursor: string, limit = 500) =>
  (await configuration.list('acme', 'connector_change', { cursor, limit })).rows.map(({ value }) => `${value.connector} ${value.revision}`);

/** What tenants set for connectors, and the changes of it: kept together, and listed from the newest on. */
export function choicesConcern(scenario: Scenario): void {
  describe('what is set for connectors', () => {
    scenario('is kept as it was written, with its changes, and stands in a snapshot without them', async ({ storage }) => {
      await setMany(storage, 'lamp', 2);
      const { configuration } = storage;
      expect(await configuration.get('acme', 'connector_configuration', 'lamp')).toMatchObject({
        version: 2,
        value: { ...choices('room-2'), revision: 2 },
      });
      expect(await configuration.get('acme', 'connector_change', idOf('lamp', 2))).toMatchObject({
        version: 1,
        value: { revision: 2, before: choices('room-1'), after: choices('room-2'), changed: ['values.room'] },
      });
      const { rows } = await configuration.snapshot('acme', ['connector_configuration']);
      expect(Object.keys(rows)).toEqual(['connector_configuration']);
      expect(rows.connector_configuration?.map(({ id }) => id)).toEqual(['lamp']);
      expect(await configuration.get('globex', 'connector_configuration', 'lamp')).toBeNull();
    });

    scenario("lists a connector's changes from the newest on, apart from others' of a similar name", async ({ storage }) => {
      await setMany(storage, 'lamp', 3);
      await setMany(storage, 'lamp-pro', 2);
      await setMany(storage, 'lamps', 1);
      expect(await revisionsAfter(storage, 'lamp/', 3)).toEqual(['lamp 3', 'lamp 2', 'lamp 1']);
      expect(await revisionsAfter(storage, idOf('lamp', 2), 1)).toEqual(['lamp 1']);
      expect(await revisionsAfter(storage, 'lamp-pro/', 2)).toEqual(['lamp-pro 2', 'lamp-pro 1']);
    });

    scenario('takes an old change away in the write of a new one, and writes none of them where one conflicts', async ({ storage }) => {
      await setMany(storage, 'lamp', 2);
      const outdated: Change = { delete: 'connector_change', id: idOf('lamp', 1), expect: 1 };
      expect(await storage.configuration.write('acme', setting('lamp', 2, [outdated]))).toMatchObject({ status: 'written' });
      const conflicting = setting('lamp', 3, [{ delete: 'connector_change', id: idOf('lamp', 2), expect: 7 }]);
      expect(await storage.configuration.write('acme', conflicting)).toMatchObject({ status: 'conflict', id: idOf('lamp', 2) });
      expect(await revisionsAfter(storage, 'lamp/')).toEqual(['lamp 2']);
      expect(await storage.configuration.get('acme', 'connector_configuration', 'lamp')).toMatchObject({ version: 2 });
    });

    scenario('lets one of 20 racers make a revision', async ({ storage }) => {
      await setMany(storage, 'lamp', 1);
      const [head, change] = setting('lamp', 2);
      const verdicts = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const own = { ...change, value: { ...(change && 'put' in change ? change.value : {}), at: index } } as Change;
          return storage.configuration.write('acme', head ? [head, own] : []);
        }),
      );
      expect(verdicts.filter(({ status }) => status === 'written')).toHaveLength(1);
      expect(await revisionsAfter(storage, 'lamp/')).toEqual(['lamp 2', 'lamp 1']);
    });
  });
}
