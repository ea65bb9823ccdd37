import type { Change, ConnectionRecord, Storage } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { createSamples } from './samples.ts';
import { type Scenario, type Stage, statuses } from './stage.ts';

const connection = (connector: string, status: ConnectionRecord['status'] = 'active'): Change => ({
  put: 'connection',
  id: `connection-of-${connector}`,
  name: `${connector}/main`,
  expect: 'absent',
  value: {
    ...{ connector, name: 'main', status, owner: null, externalAccountId: null, externalAccountName: null, settings: {}, metadata: {} },
    ...{ secretVersion: 1, connectedAt: 1 },
  },
});

const subscriber: Change = { put: 'subscriber', id: 's-1', name: 'index', expect: 'absent', value: { name: 'index', pattern: '*' } };

/** Every tenant, page by page. */
async function all(storage: Storage, { limit = 2, connector }: { readonly limit?: number; readonly connector?: string } = {}) {
  const seen: string[] = [];
  for (;;) {
    const page = await storage.listTenants({ after: seen.at(-1) ?? null, limit, ...(connector === undefined ? {} : { connector }) });
    expect(page.length).toBeLessThanOrEqual(limit);
    seen.push(...page);
    if (page.length < limit) return seen;
  }
}

/** Tenants that have something of each kind that counts. */
async function furnish({ storage }: Stage): Promise<void> {
  const { configuration } = storage;
  const [publishing, calling] = [createSamples('umbrella'), createSamples('wayne')];
  expect(statuses(await storage.ingest([publishing.item({ plan: null }), calling.call(calling.newId())]))).toEqual(['created', 'created']);
  await configuration.write('', [subscriber]);
  await configuration.write('acme', [connection('github')]);
  await configuration.write('globex', [connection('github', 'disconnected'), connection('jira')]);
  await configuration.write('initech', [subscriber]);
}

/** Who looks after all tenants finds each of them once. */
export function tenantListConcern(scenario: Scenario): void {
  describe('the list of tenants', () => {
    scenario('is empty in an empty store', async ({ storage }) => {
      expect(await storage.listTenants({ after: null, limit: 10 })).toEqual([]);
    });

    scenario('has who has something configured, an event or a dispatch, each once, and never the hub', async (stage) => {
      await furnish(stage);
      const expected = ['acme', 'globex', 'initech', 'umbrella', 'wayne'];
      for (const limit of [1, 2, 5, 100]) expect((await all(stage.storage, { limit })).toSorted()).toEqual(expected);
    });

    scenario('has nobody who was only asked about', async ({ storage }) => {
      await storage.configuration.write('acme', []);
      await storage.configuration.snapshot('globex', ['connection']);
      expect(await all(storage)).toEqual([]);
    });

    scenario('narrows to those with a connection of a connector, ended ones too', async (stage) => {
      await furnish(stage);
      expect((await all(stage.storage, { limit: 1, connector: 'github' })).toSorted()).toEqual(['acme', 'globex']);
      expect(await all(stage.storage, { connector: 'jira' })).toEqual(['globex']);
      expect(await all(stage.storage, { connector: 'slack' })).toEqual([]);
    });

    scenario('goes on behind a tenant while tenants come in, whatever their names', async ({ storage }) => {
      const names = ['a', 'b', 'Z', 'é', '日本', '%', "o'hara", '𝄞', 'ab'];
      for (const name of names) await storage.configuration.write(name, [subscriber]);
      const seen = [...(await storage.listTenants({ after: null, limit: 4 }))];
      expect(seen).toHaveLength(4);
      const later = names.map((name) => `${name}-later`);
      for (const name of later) await storage.configuration.write(name, [subscriber]);
      for (let page = ['']; page.length > 0; seen.push(...page))
        page = [...(await storage.listTenants({ after: seen.at(-1) ?? null, limit: 3 }))];
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((name) => !later.includes(name)).toSorted()).toEqual(names.toSorted());
    });
  });
}
