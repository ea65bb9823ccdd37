import type { Change } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { conflict, connection, names, put, remove, revisionOf } from './configuration-samples.ts';
import { type Scenario, statuses } from './stage.ts';

function writing(scenario: Scenario): void {
  scenario('stores a row with version 1 and finds it by id and by name', async (stage) => {
    const { configuration } = stage.storage;
    const now = await stage.storage.now();
    expect(await configuration.write('acme', [put()])).toEqual({ status: 'written', revision: 1 });
    const row = await configuration.get('acme', 'connection', 'connection-1');
    expect(row).toMatchObject({ id: 'connection-1', name: 'main', version: 1, value: connection });
    expect(row?.updatedAt).toBeGreaterThanOrEqual(now);
    expect(await configuration.find('acme', 'connection', 'main')).toEqual(row);
    expect(await configuration.find('acme', 'connection', 'connection-1')).toBeNull();
    expect(await configuration.get('acme', 'connection', 'main')).toBeNull();
  });

  scenario('raises version and revision once per write, however many rows it changes', async (stage) => {
    const { configuration } = stage.storage;
    await configuration.write('acme', [put(), put({ id: 'connection-2', name: 'ops' }), put({ id: 'connection-3', name: 'team' })]);
    expect(await revisionOf(stage)).toBe(1);
    const changes = [put({ expect: 1, value: { status: 'error' } }), remove('connection-3', 1)];
    expect(await configuration.write('acme', changes)).toEqual({ status: 'written', revision: 2 });
    expect(await configuration.get('acme', 'connection', 'connection-1')).toMatchObject({ version: 2, value: { status: 'error' } });
    expect(await names(stage)).toEqual(['main', 'ops']);
  });

  scenario('changes many rows of several kinds in one write, or none of them, also when it is repeated', async (stage) => {
    const { configuration } = stage.storage;
    const ids = Array.from({ length: 40 }, (_, index) => `connection-${index}`);
    const credential = (id: string) => ({ connection: id, kind: 'bearer', sealed: 'c2VhbGVk', secretVersion: 1 });
    const made = ids.flatMap((id): Change[] => [
      put({ id, name: id }),
      { put: 'credential', id: `of-${id}`, name: id, expect: 'absent', value: credential(id) },
    ]);
    for (const tenant of ['acme', 'globex']) expect(await configuration.write(tenant, made)).toMatchObject({ status: 'written' });
    const settings = { text: 'a "quoted" \\ {line}\n, {"é": "日本"}', list: [null, 1.5, true] };
    const ended = (expected: number) =>
      ids.flatMap((id): Change[] => [
        put({ id, name: id, expect: expected, value: { status: 'disconnected', settings } }),
        { delete: 'credential', id: `of-${id}`, expect: 1 },
      ]);
    const stale = ended(1).toSpliced(30, 1, put({ id: 'connection-15', name: 'connection-15', expect: 9 }));
    expect(await configuration.write('acme', stale)).toEqual(conflict('connection-15'));
    expect(await configuration.get('acme', 'connection', 'connection-0')).toMatchObject({ version: 1, value: { status: 'active' } });
    for (let time = 0; time < 2; time += 1) expect(await configuration.write('acme', ended(1))).toEqual({ status: 'written', revision: 2 });
    const { rows } = await configuration.snapshot('acme', ['connection', 'credential']);
    expect(rows.credential).toEqual([]);
    expect(rows.connection?.map(({ id, name, version, value }) => [id, name, version, value.status, value.settings])).toEqual(
      ids.toSorted().map((id) => [id, id, 2, 'disconnected', settings]),
    );
    const changes = await configuration.changes('acme', ['connection', 'credential'], 1);
    expect([changes?.rows.connection?.length, changes?.rows.credential, changes?.gone.length]).toEqual([40, [], 40]);
    const theirs = await configuration.snapshot('globex', ['connection', 'credential']);
    expect(theirs.rows.credential).toHaveLength(40);
    expect(theirs.rows.connection?.every(({ version, value }) => version === 1 && value.status === 'active')).toBe(true);
    const renamed = ids.map((id, index) => put({ id, name: ids[(index + 1) % ids.length] ?? '', expect: 2 }));
    expect(await configuration.write('acme', renamed)).toEqual(conflict('connection-0'));
  });

  scenario('keeps a credential that is moved to another connection in the write that deletes its own, among many', async (stage) => {
    const { configuration } = stage.storage;
    const ids = Array.from({ length: 20 }, (_, index) => `connection-${index}`);
    const credential = (id: string) => ({ connection: id, kind: 'bearer', sealed: 'c2VhbGVk', secretVersion: 1 });
    const kept = (id: string, expect: number | 'absent'): Change => ({
      put: 'credential',
      id: 'moved',
      name: 'moved',
      expect,
      value: credential(id),
    });
    await configuration.write('acme', [...ids.map((id) => put({ id, name: id })), kept('connection-19', 'absent')]);
    const renewed = ids.slice(0, 19).map((id) => put({ id, name: id, expect: 1, value: { status: 'error' } }));
    const moved = [...renewed, kept('connection-0', 1), remove('connection-19', 1)];
    expect(await configuration.write('acme', moved)).toEqual({ status: 'written', revision: 2 });
    expect(await configuration.get('acme', 'credential', 'moved')).toMatchObject({ version: 2, value: { connection: 'connection-0' } });
  });

  scenario('has revision 0 for a tenant that was never written to, and counts the hub and each tenant apart', async (stage) => {
    const { configuration } = stage.storage;
    expect(await configuration.revision('acme')).toEqual({ hub: 0, tenant: 0 });
    await configuration.write('globex', [put()]);
    await configuration.write('', [
      { put: 'subscriber', id: 's', name: 'index', expect: 'absent', value: { name: 'index', pattern: '*' } },
    ]);
    expect(await configuration.revision('acme')).toEqual({ hub: 1, tenant: 0 });
    expect(await configuration.revision('globex')).toEqual({ hub: 1, tenant: 1 });
  });

  scenario('renames a row, and its old name is free', async (stage) => {
    const { configuration } = stage.storage;
    await configuration.write('acme', [put()]);
    await configuration.write('acme', [put({ name: 'other', expect: 1 })]);
    expect(await configuration.find('acme', 'connection', 'main')).toBeNull();
    expect(await configuration.find('acme', 'connection', 'other')).toMatchObject({ id: 'connection-1', version: 2 });
    expect(statuses([await configuration.write('acme', [put({ id: 'connection-2' })])])).toEqual(['written']);
  });

  scenario('frees id and name of a deleted row, which begins at version 1 again', async (stage) => {
    const { configuration } = stage.storage;
    await configuration.write('acme', [put()]);
    await configuration.write('acme', [put({ expect: 1, value: { status: 'error' } })]);
    await configuration.write('acme', [remove('connection-1', 2)]);
    expect(await configuration.get('acme', 'connection', 'connection-1')).toBeNull();
    expect(statuses([await configuration.write('acme', [put()])])).toEqual(['written']);
    expect(await configuration.get('acme', 'connection', 'connection-1')).toMatchObject({ version: 1 });
  });
}

function conflicts(scenario: Scenario): void {
  const refused: readonly { readonly title: string; readonly change: Change; readonly id: string }[] = [
    { title: 'a row that is there was expected to be absent', change: put({ value: { status: 'error' } }), id: 'connection-1' },
    { title: 'a row is of another version', change: put({ expect: 7 }), id: 'connection-1' },
    { title: 'a row that is absent was expected', change: put({ id: 'connection-9', name: 'nine', expect: 1 }), id: 'connection-9' },
    { title: 'a name is taken by another row', change: put({ id: 'connection-9' }), id: 'connection-9' },
    { title: 'a row is renamed to a name that is taken', change: put({ id: 'connection-2', name: 'main', expect: 1 }), id: 'connection-2' },
    { title: 'a row to be deleted is of another version', change: remove('connection-1', 7), id: 'connection-1' },
  ];
  for (const { title, change, id } of refused) {
    scenario(`writes nothing when ${title}`, async (stage) => {
      const { configuration } = stage.storage;
      await configuration.write('acme', [put(), put({ id: 'connection-2', name: 'ops' })]);
      const around = [put({ id: 'connection-3', name: 'three' }), change, put({ id: 'connection-4', name: 'four' })];
      expect(await configuration.write('acme', around)).toEqual(conflict(id));
      expect(await names(stage)).toEqual(['main', 'ops']);
      expect(await revisionOf(stage)).toBe(1);
      expect(await configuration.get('acme', 'connection', 'connection-1')).toMatchObject({ version: 1, value: connection });
      expect(statuses([await configuration.write('acme', [put({ id: 'connection-3', name: 'three' })])])).toEqual(['written']);
    });
  }

  scenario('lets one of 20 racing changes through', async (stage) => {
    const { configuration } = stage.storage;
    await configuration.write('acme', [put()]);
    const racers = Array.from({ length: 20 }, (_, index) =>
      configuration.write('acme', [put({ expect: 1, value: { owner: `racer-${index}` } })]),
    );
    const verdicts = statuses(await Promise.all(racers));
    expect(verdicts.filter((status) => status === 'written')).toHaveLength(1);
    expect(await configuration.get('acme', 'connection', 'connection-1')).toMatchObject({ version: 2 });
    expect(await revisionOf(stage)).toBe(2);
  });

  scenario('writes under a revision only while it is the last, all or nothing, and repeats are not compared', async (stage) => {
    const { configuration } = stage.storage;
    await configuration.write('acme', [put()]);
    const more = [put({ id: 'connection-2', name: 'ops' }), put({ id: 'connection-3', name: 'team' })];
    for (const revision of [0, 2]) expect(await configuration.write('acme', more, { revision })).toEqual(conflict('connection-2'));
    expect(await names(stage)).toEqual(['main']);
    expect(await revisionOf(stage)).toBe(1);
    expect(await configuration.write('acme', more, { revision: 1 })).toEqual({ status: 'written', revision: 2 });
    expect(await configuration.write('acme', more, { revision: 1 })).toEqual({ status: 'written', revision: 2 });
    expect(await configuration.write('globex', [put()], { revision: 1 })).toEqual(conflict('connection-1'));
    expect(await configuration.write('globex', [put()], { revision: 0 })).toEqual({ status: 'written', revision: 1 });
  });

  scenario('lets one of 20 racers write under the same revision, though they change different rows', async (stage) => {
    const writes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        stage.storage.configuration.write('acme', [put({ id: `connection-${index}`, name: `n${index}` })], { revision: 0 }),
      ),
    );
    expect(statuses(writes).filter((status) => status === 'written')).toHaveLength(1);
    expect(await names(stage)).toHaveLength(1);
    expect(await revisionOf(stage)).toBe(1);
  });

  scenario('lets one of two processes take a name', async (stage) => {
    const other = await stage.second();
    const racers = Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? stage.storage : other).configuration.write('acme', [put({ id: `connection-${index}` })]),
    );
    expect(statuses(await Promise.all(racers)).filter((status) => status === 'written')).toHaveLength(1);
    expect(await names(stage)).toEqual(['main']);
  });
}

/** What the configuration promises: all changes or none, one writer of each version. */
export function configurationConcern(scenario: Scenario): void {
  describe('configuration', () => {
    writing(scenario);
    conflicts(scenario);
  });
}
