import type { Change, Row, RowPage } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { names, put, registration, remove } from './configuration-samples.ts';
import { only, type Scenario } from './stage.ts';

function reading(scenario: Scenario): void {
  scenario('keeps tenants and kinds apart: the same id and name in each', async (stage) => {
    const { configuration } = stage.storage;
    await configuration.write('acme', [put()]);
    await configuration.write('globex', [put({ value: { owner: 'grace' } })]);
    expect(await configuration.get('globex', 'connection', 'connection-1')).toMatchObject({ version: 1, value: { owner: 'grace' } });
    expect(await configuration.get('acme', 'connection', 'connection-1')).toMatchObject({ value: { owner: 'ada' } });
    expect(await configuration.get('acme', 'credential', 'connection-1')).toBeNull();
    expect(await configuration.get('initech', 'connection', 'connection-1')).toBeNull();
    expect(await configuration.find('initech', 'connection', 'main')).toBeNull();
    expect(await configuration.write('initech', [remove('connection-1', 1)])).toMatchObject({ status: 'written', revision: 0 });
    expect(await names(stage)).toEqual(['main']);
  });

  scenario('lists in pages by id, none twice and none passed over while rows come in', async (stage) => {
    const { configuration } = stage.storage;
    const many = (start: number, step: number) =>
      Array.from({ length: 10 }, (_, index) => `id-${String(start + index * step).padStart(3, '0')}`);
    const write = (ids: readonly string[]) =>
      configuration.write(
        'acme',
        ids.map((id) => put({ id, name: id })),
      );
    await write(many(0, 10));
    const seen: Row<'connection'>[] = [];
    let cursor: string | null = null;
    do {
      const page: RowPage<'connection'> = await configuration.list('acme', 'connection', { cursor, limit: 3 });
      expect(page.rows.length).toBeLessThanOrEqual(3);
      seen.push(...page.rows);
      cursor = page.cursor;
      if (seen.length === 3) await write(many(1, 1));
    } while (cursor !== null);
    const ids = seen.map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted());
    expect(ids.filter((id) => id.endsWith('0'))).toEqual(many(0, 10));
  });

  scenario('takes a snapshot of the kinds asked for, under the revision that they had', async (stage) => {
    const { configuration } = stage.storage;
    const automation = { name: 'triage', version: 1, enabled: true, definition: { steps: [] } };
    await configuration.write('acme', [put(), { put: 'automation', id: 'a-1', name: 'triage', expect: 'absent', value: automation }]);
    await configuration.write('globex', [put()]);
    const snapshot = await configuration.snapshot('acme', ['connection', 'registration']);
    expect(snapshot.revision).toEqual({ hub: 0, tenant: 1 });
    expect(Object.keys(snapshot.rows).sort()).toEqual(['connection', 'registration']);
    expect(snapshot.rows.registration).toEqual([]);
    expect(only(snapshot.rows.connection ?? [])).toEqual(await configuration.get('acme', 'connection', 'connection-1'));
  });

  scenario('finds the tenant of a registration until it is deleted', async (stage) => {
    const { configuration } = stage.storage;
    const change: Change = { put: 'registration', id: 'registration-1', name: 'hook', expect: 'absent', value: registration };
    await configuration.write('acme', [put(), change]);
    expect(await configuration.locateRegistration('registration-1')).toBe('acme');
    expect(await configuration.locateRegistration('registration-2')).toBeNull();
    await configuration.write('acme', [{ delete: 'registration', id: 'registration-1', expect: 1 }]);
    expect(await configuration.locateRegistration('registration-1')).toBeNull();
  });

  scenario('finds the tenant of a receiver until it is deleted, and takes none for a registration', async (stage) => {
    const { configuration } = stage.storage;
    const value = { definition: {}, secrets: [], createdAt: 1 };
    await configuration.write('acme', [{ put: 'receiver', id: 'receiver-1', name: 'till', expect: 'absent', value }]);
    expect(await configuration.locateReceiver('receiver-1')).toBe('acme');
    expect(await configuration.locateReceiver('receiver-2')).toBeNull();
    expect(await configuration.locateRegistration('receiver-1')).toBeNull();
    await configuration.write('acme', [{ delete: 'receiver', id: 'receiver-1', expect: 1 }]);
    expect(await configuration.locateReceiver('receiver-1')).toBeNull();
  });

  scenario('finds the connections of an account in all tenants, as they are now', async (stage) => {
    const { configuration } = stage.storage;
    await configuration.write('acme', [put(), put({ id: 'connection-2', name: 'ops', value: { externalAccountId: 'account-2' } })]);
    await configuration.write('globex', [
      put({ id: 'connection-3' }),
      put({ id: 'connection-4', name: 'jira', value: { connector: 'jira' } }),
    ]);
    const located = async (account: string) =>
      (await configuration.locateAccount('github', account)).map(({ tenant, connection: id }) => `${tenant}/${id}`).sort();
    expect(await located('account-1')).toEqual(['acme/connection-1', 'globex/connection-3']);
    await configuration.write('acme', [put({ expect: 1, value: { externalAccountId: 'account-2' } })]);
    await configuration.write('globex', [remove('connection-3', 1)]);
    expect([await located('account-1'), await located('account-2')]).toEqual([[], ['acme/connection-1', 'acme/connection-2']]);
    await configuration.write('acme', [put({ expect: 2, value: { externalAccountId: null } })]);
    expect(await located('account-2')).toEqual(['acme/connection-2']);
  });

  scenario('finds the connections that are due in all tenants, the earliest first, as they are now', async (stage) => {
    const { configuration } = stage.storage;
    const start = 1_790_000_000_000;
    await configuration.write('acme', [
      put({ value: { dueAt: start + 9 } }),
      put({ id: 'connection-2', name: 'ops', value: { dueAt: start + 1_000 } }),
      put({ id: 'connection-3', name: 'never' }),
    ]);
    await configuration.write('globex', [put({ id: 'connection-4', value: { dueAt: start + 10 } })]);
    const due = async (by: number, limit = 500) =>
      (await configuration.dueConnections({ by, limit })).map(({ tenant, connection: id }) => `${tenant}/${id}`);
    const first = ['acme/connection-1', 'globex/connection-4'];
    expect(await due(start + 8)).toEqual([]);
    expect(await due(start + 9)).toEqual(['acme/connection-1']);
    expect(await due(start + 999)).toEqual(first);
    expect(await due(start + 1_000)).toEqual([...first, 'acme/connection-2']);
    expect(await due(start + 1_000, 2)).toEqual(first);
    await configuration.write('acme', [put({ expect: 1, value: { dueAt: start + 20 } }), remove('connection-2', 1)]);
    expect(await due(start + 1_000)).toEqual(['globex/connection-4', 'acme/connection-1']);
    await configuration.write('globex', [put({ id: 'connection-4', expect: 1 })]);
    expect(await due(start + 1_000)).toEqual(['acme/connection-1']);
  });
}

/** What reading the configuration promises: each tenant's own, whole, in an order that holds while others write. */
export function configurationReadingConcern(scenario: Scenario): void {
  describe('configuration', () => reading(scenario));
}
