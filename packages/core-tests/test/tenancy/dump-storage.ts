import type {
  ConfigurationKind,
  DispatchRecord,
  HistoryPage,
  JournalEntry,
  JournalPage,
  PageRequest,
  Storage,
} from '@patchbay/core/adapter';

const kinds: Readonly<Record<ConfigurationKind, true>> = {
  connection: true,
  credential: true,
  automation: true,
  automation_version: true,
  registration: true,
  subscriber: true,
  tenant_key: true,
  app: true,
  connector_configuration: true,
  connector_change: true,
  endpoint: true,
  receiver: true,
  alert_rule: true,
  mapping: true,
  mapping_version: true,
  enrichment: true,
};

/** Streams of the journal that the hub writes. */
const streams = ['request', 'check', 'alert'] as const;

/** Everything that a storage holds of some tenants and of the hub, as text: two dumps are the same where nothing has changed between them. */
export async function dumpStorage(storage: Storage<never>, tenants: readonly string[]): Promise<string> {
  const dumps = await Promise.all(['', ...tenants].map((tenant) => dumpTenant(storage, tenant)));
  return JSON.stringify(dumps, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value), 1);
}

async function dumpTenant({ configuration, history, gates, states, receipts, journal }: Storage<never>, tenant: string): Promise<unknown> {
  const names = Object.keys(kinds) as ConfigurationKind[];
  const kept = await all((page) => receipts.page(tenant, {}, page));
  const dispatches = await all((page) => history.dispatches(tenant, {}, page));
  return {
    tenant,
    configuration: await configuration.snapshot(tenant, names),
    events: await all((page) => history.events(tenant, {}, page)),
    runs: await all((page) => history.runs(tenant, {}, page)),
    dispatches,
    attempts: await Promise.all(dispatches.map(({ key }: Pick<DispatchRecord, 'key'>) => history.attempts(key))),
    gates: await gates.list(tenant),
    states: (await states.list(tenant, '', { cursor: null, limit: 500 })).entries,
    journal: await Promise.all(streams.map((stream) => everyEntry(journal, tenant, stream))),
    receipts: await Promise.all(kept.map(({ id }) => receipts.get(tenant, id))),
  };
}

async function all<Item>(read: (page: PageRequest) => Promise<HistoryPage<Item>>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: HistoryPage<Item> = await read({ cursor, limit: 500 });
    items.push(...page.items);
    cursor = page.cursor;
    if (cursor === null) return items;
  }
}

async function everyEntry({ page }: Storage<never>['journal'], tenant: string, stream: string): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (let cursor: string | null = null; ; ) {
    const read: JournalPage = await page(tenant, { stream, cursor, limit: 500 });
    entries.push(...read.entries);
    cursor = read.cursor;
    if (cursor === null) return entries;
  }
}
