import type { HistoryPage, PageRequest, Storage } from '@patchbay/core/adapter';
import { expect } from 'vitest';
import { expectDispatch, expectRun, modelTime } from './expect-records.ts';
import { type Model, modelDispatch, modelRevision, modelRun, trailOf } from './model.ts';

/** Reads every page, in both directions. */
async function all<Item>(read: (page: PageRequest) => Promise<HistoryPage<Item>>): Promise<Item[]> {
  const newest = await every(read);
  const oldest = await every((page) => read({ ...page, order: 'oldest' }));
  expect(oldest.toReversed()).toEqual(newest);
  return newest;
}

async function every<Item>(read: (page: PageRequest) => Promise<HistoryPage<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: HistoryPage<Item> = await read({ cursor, limit: 50 });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items;
}

async function expectHistory(model: Model, { history }: Storage, tenant: string): Promise<void> {
  const roots = model.roots.filter((root) => root.tenant === tenant);
  const dispatches = await all((page) => history.dispatches(tenant, {}, page));
  expect(dispatches).toHaveLength(roots.flatMap((root) => root.dispatches).length);
  for (const record of dispatches) {
    const dispatch = modelDispatch(model, record.key);
    if (dispatch === undefined) throw new Error(`The store has a dispatch that was never stored: ${JSON.stringify(record.key)}`);
    expectDispatch(model, dispatch, record);
    const attempts = await history.attempts(record.key);
    const log = attempts.map(({ number, round, outcome, holder, fence, durationMs }) => ({
      number,
      round,
      outcome,
      holder,
      fence,
      crash: durationMs === null,
    }));
    expect(log).toEqual(dispatch.log);
  }
  const dead = await all((page) => history.dispatches(tenant, { status: 'dead' }, page));
  expect(dead).toEqual(dispatches.filter(({ status }) => status === 'dead'));
  const runs = await all((page) => history.runs(tenant, {}, page));
  expect(runs).toHaveLength(roots.flatMap((root) => root.runs).length);
  for (const record of runs) {
    const run = modelRun(model, record.key);
    if (run === undefined) throw new Error(`The store has a run that was never stored: ${JSON.stringify(record.key)}`);
    expectRun(run, record);
  }
  const events = await all((page) => history.events(tenant, {}, page));
  const expected = roots.filter((root) => root.event).map(({ id, considered }) => ({ id, considered }));
  // A root that was refused at first is stored behind younger ones: its place among them is by id in one store, by arrival in another.
  const byId = (left: { readonly id: string }, right: { readonly id: string }): number => (left.id < right.id ? -1 : 1);
  expect(events.map(({ id, considered }) => ({ id, considered })).sort(byId)).toEqual(expected.sort(byId));
}

async function expectControls(model: Model, { gates, configuration }: Storage, tenant: string): Promise<void> {
  const listed = (await gates.list(tenant)).map(({ lane, reason, until }) => JSON.stringify([lane, reason, modelTime(model, until)]));
  const closed = model.gates.filter((gate) => gate.tenant === tenant && gate.until > model.now);
  expect(listed.sort()).toEqual(
    closed.map(({ lane, reason, until }) => JSON.stringify([lane, reason, Number.isFinite(until) ? until : null])).sort(),
  );
  const { revision, rows } = await configuration.snapshot(tenant, ['subscriber']);
  expect(revision).toEqual(modelRevision(model, tenant));
  const found = (rows.subscriber ?? []).map(({ id, name, version, value }) => JSON.stringify([id, name, version, value.pattern]));
  const expected = model.rows
    .filter((row) => row.scope === tenant)
    .map(({ id, name, version, pattern }) => JSON.stringify([id, name, version, pattern]));
  expect(found.sort()).toEqual(expected.sort());
  const changes = await configuration.changes(tenant, ['subscriber'], 0);
  if (changes !== null) expect(changes.rows.subscriber).toEqual(rows.subscriber);
}

async function expectAudit(model: Model, { audit }: Storage, tenant: string): Promise<void> {
  const { waiting, chain, base } = trailOf(model, tenant);
  const state = await audit.state(tenant);
  expect([state.head.seq, state.base.seq, state.unsealed]).toEqual([chain.length, base, waiting.length]);
  const sealed = await audit.chain(tenant, { after: 0, limit: 1_000 });
  expect(sealed.map(({ id, seq, hash }) => ({ id, seq, hash }))).toEqual(
    chain.slice(base).map((one, index) => ({ ...one, seq: base + index + 1 })),
  );
  const listed = await all((page) => audit.page(tenant, {}, page));
  expect(listed.map(({ id }) => id).sort()).toEqual([...waiting, ...chain.slice(base).map(({ id }) => id)].sort());
}

async function expectTenants(model: Model, storage: Storage): Promise<void> {
  const configured = [...model.revisions].filter(([scope, revision]) => scope !== '' && revision > 0).map(([scope]) => scope);
  const busy = model.roots.filter(({ event, dispatches }) => event || dispatches.length > 0).map(({ tenant }) => tenant);
  const first = await storage.listTenants({ after: null, limit: 1 });
  const rest = await storage.listTenants({ after: first.at(-1) ?? null, limit: 100 });
  expect([...first, ...rest].sort()).toEqual([...new Set([...configured, ...busy])].sort());
}

/** Finds the whole store as the model says it should be. */
export async function expectStore(model: Model, storage: Storage): Promise<void> {
  await expectTenants(model, storage);
  for (const tenant of ['acme', 'globex']) {
    await expectHistory(model, storage, tenant);
    await expectControls(model, storage, tenant);
    await expectAudit(model, storage, tenant);
  }
}
