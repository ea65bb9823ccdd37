import type { Storage } from '@patchbay/core/adapter';
import {
  auditEntry,
  claimAll,
  connectionChange,
  handler,
  journalEntry,
  keptReceipt,
  newDispatch,
  newId,
  newItem,
  newRunItem,
  succeeded,
} from '@patchbay/storage-records';
import type { ClientBase, Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createWalledSchema, type WalledSchema } from './support/walled-schema.ts';

let walled: WalledSchema;
let storage: Storage<ClientBase>;
let said: string[] = [];

/** Notes the scope of each transaction that is begun on the pool. */
function listen(pool: Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    client.query = ((...given: unknown[]) => {
      const [text] = given;
      if (typeof text === 'string' && text.startsWith('begin')) said.push(scopeIn(text));
      return query(...given);
    }) as typeof client.query;
  });
}

function scopeIn(text: string): string {
  if (text.includes("'patchbay.scope', 'worker'")) return 'everyone';
  const [, digits] = /decode\('([0-9a-f]*)', 'hex'\)/.exec(text) ?? [];
  return digits === undefined ? 'nothing said' : Buffer.from(digits, 'hex').toString();
}

beforeAll(async () => {
  walled = await createWalledSchema();
  const pool = walled.open();
  listen(pool);
  storage = postgresStorage({ pool, schema: walled.owner.schema, rowLevelSecurity: 'required', notify: false });
});
afterAll(async () => {
  await storage.close();
  await walled.close();
});

/** The scopes in which a call is carried out, each once. */
async function scopesOf(call: () => Promise<unknown>): Promise<readonly string[]> {
  said = [];
  await call();
  return [...new Set(said)];
}

const acme = ['["acme"]'];
const acmeAndHub = ['["","acme"]'];
const everyone = ['everyone'];

it('names the tenants of what it is handed, and everyone only where a worker looks for work', async () => {
  const run = newRunItem(['a', 'b']);
  const item = newItem([], { plan: null });
  const ofGlobex = { ...item, tenant: 'globex', event: item.event && { ...item.event, tenant: 'globex' } };
  expect(await scopesOf(() => storage.ingest([run, newItem([], { plan: null })]))).toEqual(acmeAndHub);
  expect(await scopesOf(() => storage.ingest([run, ofGlobex]))).toEqual(['["","acme","globex"]']);

  const marks = await storage.claimMarks({ holder: 'router', limit: 10, ttlMs: 30_000 });
  const pages = marks.map(({ tenant, root, fence, routed }) => {
    const page = { tenant, root, fence, revision: { hub: 0, tenant: 0 }, from: routed, to: routed + 1, last: true };
    return { ...page, considered: [], runs: [], dispatches: [] };
  });
  expect(await scopesOf(() => storage.recordRouting(pages))).toEqual(
    expect.arrayContaining([expect.stringMatching(/^\["","acme"(,"globex")?\]$/)]),
  );

  const additions = { codec: 'plain', bytes: new TextEncoder().encode('{}') } as const;
  const added = pages.map(({ tenant, root }) => ({ tenant, root, expect: null, additions }));
  expect(await scopesOf(() => storage.addToEvents(added.slice(0, 1)))).toEqual([JSON.stringify([added[0]?.tenant])]);

  const claimed = await storage.claim(claimAll());
  expect(claimed).toHaveLength(2);
  expect(await scopesOf(() => storage.begin(claimed.map(({ key, handle, fence }) => ({ tenant: key.tenant, handle, fence }))))).toEqual(
    acme,
  );
  const [first, second] = claimed;
  if (first === undefined || second === undefined) throw new Error('Two were claimed.');
  expect(await scopesOf(() => storage.settle([{ ...succeeded(first), settlement: { to: 'held' } }]))).toEqual(acme);
  const deferred = { tenant: 'acme', handle: second.handle, fence: second.fence, delayMs: 0, reason: 'drain', nothingSent: true };
  expect(await scopesOf(() => storage.defer([deferred]))).toEqual(acme);
  const amended = { key: first.key, round: 1, run: null };
  expect(await scopesOf(() => storage.reopen([{ ...amended, settlement: { to: 'pending', delayMs: 0, forget: false } }]))).toEqual(acme);
  expect(await scopesOf(() => storage.cancel([{ ...amended, settlement: { to: 'cancelled' } }]))).toEqual(acme);
  const ended = { to: 'succeeded', output: null } as const;
  expect(await scopesOf(() => storage.resolve([{ ...amended, settlement: ended }]))).toEqual(acme);
  expect(
    await scopesOf(() => storage.cancelRun({ key: { tenant: 'acme', root: newId(), automation: newId(), replay: 0 }, revision: 1 })),
  ).toEqual(acme);

  const keys = [newDispatch(newId()).key];
  expect(await scopesOf(() => storage.claim({ ...claimAll(), keys }))).toEqual(acme);
  expect(await scopesOf(() => storage.claim({ ...claimAll(), kind: 'suspect', keys }))).toEqual(acme);
  expect(await scopesOf(() => storage.claim(claimAll()))).toEqual(everyone);
  expect(await scopesOf(() => storage.claim({ ...claimAll(), kind: 'suspect' }))).toEqual(everyone);
  expect(await scopesOf(() => storage.claimMarks({ holder: 'router', limit: 1, ttlMs: 1_000 }))).toEqual(everyone);
  expect(await scopesOf(() => storage.extend({ holder: 'worker', ttlMs: 1_000 }))).toEqual(everyone);
  expect(await scopesOf(() => storage.nextDue({ handlers: [handler] }))).toEqual(everyone);
  expect(await scopesOf(() => storage.maintain?.() ?? Promise.reject(new Error('It has no maintenance.')))).toEqual(everyone);
});

it('names one tenant to read what it has, and to configure it', async () => {
  const { configuration, gates, counters, history } = storage;
  const page = { cursor: null, limit: 10 } as const;
  expect(await scopesOf(() => configuration.write('acme', [connectionChange]))).toEqual(acme);
  expect(await scopesOf(() => configuration.get('acme', 'connection', 'c-1'))).toEqual(acme);
  expect(await scopesOf(() => configuration.find('acme', 'connection', 'main'))).toEqual(acme);
  expect(await scopesOf(() => configuration.list('acme', 'connection', page))).toEqual(acme);
  expect(await scopesOf(() => configuration.revision('acme'))).toEqual(acmeAndHub);
  expect(await scopesOf(() => configuration.snapshot('acme', ['connection']))).toEqual(acmeAndHub);
  expect(await scopesOf(() => configuration.changes('acme', ['connection'], 0))).toEqual(acmeAndHub);
  expect(await scopesOf(() => configuration.locateRegistration('r'))).toEqual(everyone);
  expect(await scopesOf(() => configuration.locateReceiver('r'))).toEqual(everyone);
  expect(await scopesOf(() => configuration.locateAccount('desk', 'a'))).toEqual(everyone);
  expect(await scopesOf(() => storage.listTenants({ after: null, limit: 10 }))).toEqual(everyone);
  expect(await scopesOf(() => storage.listTenants({ after: null, limit: 10, connector: 'desk' }))).toEqual(everyone);
  expect(await scopesOf(() => configuration.dueConnections({ by: 0, limit: 1 }))).toEqual(everyone);

  const gate = { tenant: 'acme', lane: 'connection:1', reason: 'paused' } as const;
  expect(await scopesOf(() => gates.close([{ ...gate, forMs: null }]))).toEqual(acme);
  expect(await scopesOf(() => gates.list('acme'))).toEqual(acme);
  expect(await scopesOf(() => gates.open([gate]))).toEqual(acme);
  expect(await scopesOf(() => counters.add({ id: newId(), deltas: [{ tenant: 'acme', name: 'n', day: '2026-01-01', by: 1 }] }))).toEqual(
    acme,
  );
  const days = { fromDay: '2026-01-01', toDay: '2026-01-02' };
  expect(await scopesOf(() => counters.read({ tenant: 'acme', name: 'n', ...days }))).toEqual(acme);

  expect(await scopesOf(() => counters.list({ tenant: 'acme', prefix: 'n', ...days }))).toEqual(acme);

  const state = { tenant: 'acme', name: 's', value: 1 };
  expect(await scopesOf(() => storage.states.write([{ ...state, expect: 'absent' }]))).toEqual(acme);
  expect(await scopesOf(() => storage.states.write([{ ...state, expect: 1 }]))).toEqual(acme);
  expect(await scopesOf(() => storage.states.write([{ ...state, expect: 'any' }]))).toEqual(acme);
  expect(await scopesOf(() => storage.states.write([{ ...state, expect: 2, value: null }]))).toEqual(acme);
  expect(await scopesOf(() => storage.states.read('acme', 's'))).toEqual(acme);
  expect(await scopesOf(() => storage.states.list('acme', '', page))).toEqual(acme);

  const flow = { tenant: 'acme', user: 'u-1', hash: 'h-1', value: '{}', forMs: 1_000 };
  const { receipts } = storage;
  expect(await scopesOf(() => receipts.keep(keptReceipt()))).toEqual(acme);
  expect(await scopesOf(() => receipts.get('acme', newId()))).toEqual(acme);
  expect(await scopesOf(() => receipts.page('acme', {}, { cursor: null, limit: 10 }))).toEqual(acme);
  expect(await scopesOf(() => receipts.remove('acme', newId()))).toEqual(acme);
  expect(await scopesOf(() => receipts.count('acme'))).toEqual(acme);
  const { journal } = storage;
  expect(await scopesOf(() => journal.append([journalEntry()]))).toEqual(acme);
  expect(await scopesOf(() => journal.page('acme', { stream: 'request', ...page }))).toEqual(acme);
  expect(await scopesOf(() => journal.prune({ stream: 'request', before: 0, limit: 10 }))).toEqual(everyone);
  expect(await scopesOf(() => journal.prune({ stream: 'request', before: 0, limit: 10, tenant: 'acme' }))).toEqual(acme);
  expect(await scopesOf(() => storage.flows.put(flow))).toEqual(acme);
  expect(await scopesOf(() => storage.flows.count(flow))).toEqual(acme);
  expect(await scopesOf(() => storage.flows.take({ tenant: 'acme', hash: 'h-1', taker: 't' }))).toEqual(acme);
  expect(await scopesOf(() => storage.flows.take({ tenant: null, hash: 'h-1', taker: 't' }))).toEqual(everyone);

  const root = newId();
  const automation = newId();
  expect(await scopesOf(() => history.event('acme', root))).toEqual(acme);
  expect(await scopesOf(() => history.events('acme', {}, page))).toEqual(acme);
  expect(await scopesOf(() => history.unrouted('acme', [root]))).toEqual(acme);
  expect(await scopesOf(() => history.run({ tenant: 'acme', root, automation, replay: 0 }))).toEqual(acme);
  expect(await scopesOf(() => history.runs('acme', {}, page))).toEqual(acme);
  const { key } = newDispatch(root);
  expect(await scopesOf(() => history.dispatch(key))).toEqual(acme);
  expect(await scopesOf(() => history.dispatches('acme', {}, page))).toEqual(acme);
  expect(await scopesOf(() => history.lastReplay('acme', root, 'call'))).toEqual(acme);
  expect(await scopesOf(() => history.attempts(key))).toEqual(acme);
});

it('names one tenant to record and read what was done, and everyone to look for what is to be sealed or is old', async () => {
  const { audit, configuration } = storage;
  const entry = auditEntry();
  const page = { cursor: null, limit: 10 } as const;
  expect(await scopesOf(() => audit.append('acme', [entry]))).toEqual(acme);
  expect(await scopesOf(() => configuration.write('acme', [], { audit: [entry] }))).toEqual(acme);
  expect(await scopesOf(() => audit.unsealed({ limit: 10 }))).toEqual(everyone);
  const item = { tenant: 'acme', behind: { seq: 0, hash: '' }, records: [{ id: entry.id, hash: 'hash' }] };
  expect(await scopesOf(() => audit.seal([item]))).toEqual(acme);
  expect(await scopesOf(() => audit.state('acme'))).toEqual(acme);
  expect(await scopesOf(() => audit.page('acme', {}, page))).toEqual(acme);
  expect(await scopesOf(() => audit.chain('acme', { after: 0, limit: 10 }))).toEqual(acme);
  expect(await scopesOf(() => audit.expired({ before: 0, limit: 10 }))).toEqual(everyone);
  expect(await scopesOf(() => audit.expired({ before: 0, limit: 10, tenant: 'acme' }))).toEqual(acme);
  expect(await scopesOf(() => audit.prune('acme', { through: { seq: 1, hash: 'hash' }, entry: auditEntry() }))).toEqual(acme);
});

it('says nothing where nothing of a tenant is asked for', async () => {
  const asked = async (): Promise<unknown> => [await storage.now(), await storage.leases.acquire({ name: 'l', holder: 'h', ttlMs: 1_000 })];
  expect(await scopesOf(asked)).toEqual([]);
});
