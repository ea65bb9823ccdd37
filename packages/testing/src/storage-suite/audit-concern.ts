import type { AuditEntry, ChainPoint, Change, ListedRecord, SealItem, Storage } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { inRun } from './in-run.ts';
import { repeats } from './repeats.ts';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

const start: ChainPoint = { seq: 0, hash: '' };

const entryOf = (id: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  actor: { kind: 'user', id: 'ada' },
  action: 'connection.put',
  object: { type: 'connection', id: 'connection-1' },
  connection: 'connection-1',
  outcome: 'succeeded',
  details: '{"name":"main"}',
  correlation: null,
  ...more,
});

const entry = (stage: Stage, more: Partial<AuditEntry> = {}): AuditEntry => entryOf(stage.samples.newId(), more);

const subscriber = (expected: number | 'absent' = 'absent'): Change => ({
  put: 'subscriber',
  id: 's-1',
  name: 'index',
  expect: expected,
  value: { name: 'index', pattern: '*' },
});

const all = async (storage: Storage, tenant = 'acme'): Promise<readonly ListedRecord[]> =>
  (await storage.audit.page(tenant, {}, { cursor: null, limit: 500, order: 'oldest' })).items;

/** Places for what waits, with hashes that nobody computes. */
async function placesFor(storage: Storage, tenant = 'acme'): Promise<SealItem> {
  const waiting = only((await storage.audit.unsealed({ limit: 1_000 })).filter((one) => one.tenant === tenant));
  const records = waiting.records.map(({ id }, index) => ({ id, hash: `hash-${waiting.head.seq + index + 1}` }));
  return { tenant, behind: waiting.head, records };
}

/** Records so many acts of a tenant and seals them, one by one. */
async function chained(stage: Stage, count: number, tenant = 'acme'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await stage.storage.audit.append(tenant, [entry(stage)]);
    expect(statuses(await stage.storage.audit.seal([await placesFor(stage.storage, tenant)]))).toEqual(['sealed']);
  }
}

function recording(scenario: Scenario): void {
  scenario('keeps every field of an act, with the time of the store', async (stage) => {
    const now = await stage.storage.now();
    const acts = [
      entry(stage, { details: '{"text":"line\\nbreak \\u0000","deep":{"list":[1,null]}}', correlation: 'event-1' }),
      entry(stage, { actor: { kind: 'host', id: '' }, connection: null, outcome: 'refused', details: '{}' }),
      entry(stage, { actor: { kind: 'operator', id: 'grace\nhopper' }, outcome: 'failed', object: { type: 'dispatch', id: 'a:0:b:c' } }),
      entry(stage, { actor: { kind: 'system', id: '' } }),
    ];
    await stage.storage.audit.append('acme', acts);
    const found = await all(stage.storage);
    const expected = acts.map((act) => ({ ...act, tenant: 'acme', at: expect.any(Number), seq: null, hash: null }));
    expect(found.toSorted((left, right) => left.id.localeCompare(right.id))).toEqual(expected);
    for (const { at } of found) expect(at).toBeGreaterThanOrEqual(now);
  });

  scenario('records a change with the change, and not at all when it conflicts', async (stage) => {
    const { configuration } = stage.storage;
    const [first, second] = [entry(stage), entry(stage)];
    expect(await configuration.write('acme', [subscriber()], { audit: [first] })).toMatchObject({ status: 'written' });
    expect(await configuration.write('acme', [subscriber(7)], { audit: [second] })).toMatchObject({ status: 'conflict' });
    expect(await all(stage.storage)).toMatchObject([first]);
  });

  scenario('outlives the connection that it is about', async (stage) => {
    const connection = { connector: 'github', name: 'main', status: 'active', owner: null, externalAccountId: null } as const;
    const value = { ...connection, externalAccountName: null, settings: {}, metadata: {}, secretVersion: 1, connectedAt: 1 };
    const put: Change = { put: 'connection', id: 'connection-1', name: 'main', expect: 'absent', value };
    await stage.storage.configuration.write('acme', [put], { audit: [entry(stage)] });
    await stage.storage.configuration.write('acme', [{ delete: 'connection', id: 'connection-1', expect: 1 }]);
    expect(await all(stage.storage)).toMatchObject([{ connection: 'connection-1' }]);
  });

  scenario('keeps tenants apart, also where they use one id', async (stage) => {
    const one = entry(stage);
    await stage.storage.audit.append('acme', [one]);
    await stage.storage.audit.append('globex', [{ ...one, action: 'connection.disconnect' }]);
    expect(await all(stage.storage)).toMatchObject([{ tenant: 'acme', action: 'connection.put' }]);
    expect(await all(stage.storage, 'globex')).toMatchObject([{ tenant: 'globex', action: 'connection.disconnect' }]);
    expect(await all(stage.storage, 'initech')).toEqual([]);
    expect(await stage.storage.audit.state('initech')).toEqual({ head: start, base: start, unsealed: 0 });
  });
}

function reading(scenario: Scenario): void {
  scenario('narrows by every field, alone and together', async (stage) => {
    const wanted = entry(stage, {
      action: 'dispatch.retry',
      actor: { kind: 'operator', id: 'grace' },
      object: { type: 'dispatch', id: 'd' },
    });
    await stage.storage.audit.append('acme', [entry(stage), { ...wanted, connection: 'connection-2' }]);
    const filters = [
      { action: 'dispatch.retry' },
      { actorKind: 'operator' },
      { actorId: 'grace' },
      { objectType: 'dispatch' },
      { objectId: 'd' },
      { connection: 'connection-2' },
      { action: 'dispatch.retry', actorId: 'grace', connection: 'connection-2' },
    ] as const;
    const page = { cursor: null, limit: 10 };
    for (const filter of filters)
      expect((await stage.storage.audit.page('acme', filter, page)).items.map(({ id }) => id)).toEqual([wanted.id]);
    const both = { action: 'dispatch.retry', actorId: 'ada' };
    expect((await stage.storage.audit.page('acme', both, page)).items).toEqual([]);
  });

  scenario('narrows by time, from included and before left out', async (stage) => {
    await stage.storage.audit.append('acme', [entry(stage)]);
    await stage.advance(60_000);
    await stage.storage.audit.append('acme', [entry(stage)]);
    const [first, second] = await all(stage.storage);
    const page = { cursor: null, limit: 10 };
    const from = await stage.storage.audit.page('acme', { from: second?.at ?? 0 }, page);
    const before = await stage.storage.audit.page('acme', { before: second?.at ?? 0 }, page);
    expect([from.items, before.items]).toMatchObject([[{ id: second?.id }], [{ id: first?.id }]]);
  });

  scenario('pages in both orders, none twice and none passed over, also within one moment', async (stage) => {
    await stage.storage.audit.append(
      'acme',
      Array.from({ length: 7 }, () => entry(stage)),
    );
    const read = async (order: 'newest' | 'oldest'): Promise<string[]> => {
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<Storage['audit']['page']>> = await stage.storage.audit.page('acme', {}, { cursor, limit: 3, order });
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== null);
      return ids;
    };
    const ids = (await all(stage.storage)).map(({ id }) => id);
    expect(await read('oldest')).toEqual(ids);
    expect(await read('newest')).toEqual(ids.toReversed());
    const foreign = { cursor: 'no cursor', limit: 3 };
    await expect(stage.storage.audit.page('acme', {}, foreign)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
}

function sealing(scenario: Scenario): void {
  scenario('gives places without a gap, and moves the head with them', async (stage) => {
    const { audit } = stage.storage;
    await chained(stage, 2);
    await audit.append('acme', [entry(stage), entry(stage), entry(stage)]);
    const item = await placesFor(stage.storage);
    expect(item.behind).toEqual({ seq: 2, hash: 'hash-2' });
    expect(await audit.state('acme')).toEqual({ head: item.behind, base: start, unsealed: 3 });
    expect(await audit.seal([item])).toEqual([{ status: 'sealed' }]);
    expect(await audit.unsealed({ limit: 10 })).toEqual([]);
    expect(await audit.state('acme')).toEqual({ head: { seq: 5, hash: 'hash-5' }, base: start, unsealed: 0 });
    const chain = await audit.chain('acme', { after: 0, limit: 10 });
    expect(chain.map(({ seq, hash }) => ({ seq, hash }))).toEqual([1, 2, 3, 4, 5].map((seq) => ({ seq, hash: `hash-${seq}` })));
    expect(chain.slice(2).map(({ id }) => id)).toEqual(item.records.map(({ id }) => id));
    expect(await audit.chain('acme', { after: 1, limit: 2 })).toEqual(chain.slice(1, 3));
    expect(await all(stage.storage)).toEqual(await audit.chain('acme', { after: 0, limit: 10 }));
  });

  scenario('lets one of many racers move a head', async (stage) => {
    await stage.storage.audit.append('acme', [entry(stage), entry(stage)]);
    const { records } = await placesFor(stage.storage);
    const racers = Array.from({ length: 8 }, (_, racer) => ({
      tenant: 'acme',
      behind: start,
      records: records.map(({ id, hash }) => ({ id, hash: `${hash}-${racer}` })),
    }));
    const verdicts = await Promise.all(racers.map((item) => stage.storage.audit.seal([item])));
    expect(statuses(verdicts.flat()).toSorted()).toEqual([...Array.from({ length: 7 }, () => 'moved'), 'sealed']);
    expect((await stage.storage.audit.state('acme')).head.seq).toBe(2);
  });

  scenario(
    'writes nothing of an item whose head has moved, or that names what is not there or twice, and all of the others',
    async (stage) => {
      const { audit } = stage.storage;
      await chained(stage, 1);
      await audit.append('acme', [entry(stage)]);
      await audit.append('globex', [entry(stage)]);
      const good = await placesFor(stage.storage, 'globex');
      const fresh = await placesFor(stage.storage);
      const [sealed] = await audit.chain('acme', { after: 0, limit: 1 });
      const ghost = { id: stage.samples.newId(), hash: 'x' };
      const bad: SealItem[] = [
        { ...fresh, behind: start },
        { ...fresh, behind: { seq: 1, hash: 'another' } },
        { ...fresh, behind: { seq: 7, hash: 'hash-1' } },
        { ...fresh, records: [...fresh.records, ghost] },
        { ...fresh, records: [...fresh.records, ...fresh.records] },
        { ...fresh, records: [...fresh.records, { id: sealed?.id ?? '', hash: 'x' }] },
        { ...fresh, tenant: 'globex', behind: start },
        { ...fresh, tenant: 'initech', behind: start },
      ];
      const verdicts = statuses(await audit.seal([...bad, good]));
      expect(verdicts).toEqual([...bad.map(() => 'moved'), 'sealed']);
      expect(await audit.state('acme')).toEqual({ head: { seq: 1, hash: 'hash-1' }, base: start, unsealed: 1 });
      expect(await audit.state('globex')).toMatchObject({ head: { seq: 1 }, unsealed: 0 });
      expect(await audit.state('initech')).toEqual({ head: start, base: start, unsealed: 0 });
    },
  );

  scenario('shows what waits, each tenant oldest first, up to the limit', async (stage) => {
    const { audit } = stage.storage;
    for (const tenant of ['acme', 'globex', 'acme']) {
      await audit.append(tenant, [entry(stage)]);
      await stage.advance(1_000);
    }
    const waiting = await audit.unsealed({ limit: 10 });
    const acme = waiting.find(({ tenant }) => tenant === 'acme');
    expect(acme?.records).toEqual((await all(stage.storage)).map(({ seq: _, hash: __, ...record }) => record));
    expect(waiting.find(({ tenant }) => tenant === 'globex')?.records).toHaveLength(1);
    expect((await audit.unsealed({ limit: 2 })).flatMap(({ records }) => records)).toHaveLength(2);
  });
}

function pruning(scenario: Scenario): void {
  scenario('takes away the beginning of a chain by its age, and goes on behind it', async (stage) => {
    const { audit } = stage.storage;
    await chained(stage, 3);
    await stage.advance(60_000);
    await chained(stage, 2);
    await audit.append('acme', [entry(stage)]);
    await chained(stage, 1, 'globex');
    const fourth = (await audit.chain('acme', { after: 3, limit: 1 }))[0];
    const before = fourth?.at ?? 0;
    expect(await audit.expired({ before, limit: 10 })).toEqual([{ tenant: 'acme', seq: 3, hash: 'hash-3' }]);
    const through = { seq: 3, hash: 'hash-3' };
    expect(await audit.prune('acme', { through, entry: entry(stage, { action: 'audit.prune' }) })).toEqual({ status: 'pruned' });
    expect(await audit.state('acme')).toEqual({ head: { seq: 5, hash: 'hash-5' }, base: through, unsealed: 2 });
    expect((await audit.chain('acme', { after: 0, limit: 10 })).map(({ seq }) => seq)).toEqual([4, 5]);
    expect((await audit.chain('acme', { after: 4, limit: 10 })).map(({ seq }) => seq)).toEqual([5]);
    expect((await all(stage.storage)).map(({ action }) => action)).toContain('audit.prune');
    expect(await audit.expired({ before, limit: 10 })).toEqual([]);
    expect((await audit.chain('globex', { after: 0, limit: 10 })).map(({ seq }) => seq)).toEqual([1]);
    expect(statuses(await audit.seal([await placesFor(stage.storage)]))).toEqual(['sealed']);
    expect((await audit.state('acme')).head.seq).toBe(7);
  });

  scenario('goes no further than the first record that is young, and never to one that is not sealed', async (stage) => {
    const { audit } = stage.storage;
    await audit.append('globex', [entry(stage)]);
    await audit.append('acme', [entry(stage)]);
    const [old] = (await audit.unsealed({ limit: 10 })).filter(({ tenant }) => tenant === 'acme');
    await stage.advance(60_000);
    const young = entry(stage);
    await audit.append('acme', [young]);
    const records = [young.id, ...(old?.records ?? []).map(({ id }) => id)].map((id, index) => ({ id, hash: `hash-${index + 1}` }));
    await audit.seal([{ tenant: 'acme', behind: start, records }]);
    const before = (await audit.chain('acme', { after: 0, limit: 1 }))[0]?.at ?? 0;
    expect(await audit.expired({ before, limit: 10 })).toEqual([]);
    expect(await audit.expired({ before: before + 1, limit: 10 })).toEqual([{ tenant: 'acme', seq: 2, hash: 'hash-2' }]);
  });

  scenario('shows what is old of one tenant, or of those behind one, in one order', async (stage) => {
    const { audit } = stage.storage;
    const tenants = ['acme', 'globex', 'initech', 'umbrella'];
    for (const tenant of tenants) await chained(stage, 1, tenant);
    await stage.advance(60_000);
    const before = await stage.storage.now();
    const found = async (more: { readonly limit?: number; readonly tenant?: string; readonly after?: string }) =>
      (await audit.expired({ before, limit: 10, ...more })).map(({ tenant }) => tenant);
    const order = await found({});
    expect(order.toSorted()).toEqual(tenants);
    const pages: string[] = [];
    for (let page = await found({ limit: 3 }); page.length > 0; page = await found({ limit: 3, after: pages.at(-1) ?? '' }))
      pages.push(...page);
    expect(pages).toEqual(order);
    expect(await found({ tenant: 'globex' })).toEqual(['globex']);
    expect(await found({ tenant: 'nobody' })).toEqual([]);
    expect(await audit.expired({ before: 1, limit: 10, tenant: 'globex' })).toEqual([]);
  });

  scenario('keeps all of it when the point is none of the chain', async (stage) => {
    const { audit } = stage.storage;
    await chained(stage, 2);
    const points = [
      { seq: 1, hash: 'another' },
      { seq: 9, hash: 'hash-9' },
    ];
    for (const through of points) expect(await audit.prune('acme', { through, entry: entry(stage) })).toEqual({ status: 'kept' });
    expect(await audit.prune('globex', { through: { seq: 1, hash: 'hash-1' }, entry: entry(stage) })).toEqual({ status: 'kept' });
    expect([await all(stage.storage), await all(stage.storage, 'globex')].map(({ length }) => length)).toEqual([2, 0]);
  });
}

function repeating(scenario: Scenario): void {
  repeats(scenario, 'audit.append', async (stage) => {
    const acts = [entry(stage), entry(stage)];
    await stage.storage.audit.append('acme', [entry(stage)]);
    return async () => {
      await stage.storage.audit.append('acme', acts);
      return (await all(stage.storage)).length;
    };
  });

  repeats(scenario, 'configuration.write with what is recorded', async (stage) => {
    const audit = [entry(stage)];
    return async () => [await stage.storage.configuration.write('acme', [subscriber()], { audit }), (await all(stage.storage)).length];
  });

  repeats(scenario, 'audit.seal: sealed and moved', async (stage) => {
    await stage.storage.audit.append('acme', [entry(stage), entry(stage)]);
    const item = await placesFor(stage.storage);
    const late = { ...item, records: item.records.map(({ id }) => ({ id, hash: 'another' })) };
    return async () => [await stage.storage.audit.seal([item, late]), await stage.storage.audit.state('acme')];
  });

  scenario('audit.seal: sealed, also when the chain has gone on', async (stage) => {
    await stage.storage.audit.append('acme', [entry(stage), entry(stage)]);
    const item = await placesFor(stage.storage);
    await stage.storage.audit.seal([item]);
    await chained(stage, 1);
    expect(await stage.storage.audit.seal([item])).toEqual([{ status: 'sealed' }]);
    expect((await stage.storage.audit.state('acme')).head.seq).toBe(3);
  });

  repeats(scenario, 'audit.prune: pruned and kept', async (stage) => {
    await chained(stage, 3);
    const request = { through: { seq: 2, hash: 'hash-2' }, entry: entry(stage) };
    const astray = { through: { seq: 9, hash: 'hash-9' }, entry: entry(stage) };
    const { audit } = stage.storage;
    return async () => [await audit.prune('acme', request), await audit.prune('acme', astray), await audit.state('acme')];
  });
}

function amending(scenario: Scenario): void {
  scenario('records what is done to a dispatch with it, once, and not at all where nothing is done', async (stage) => {
    const { storage, samples } = stage;
    const dispatch = await stage.takeOne(samples.item());
    await storage.settle([samples.settle(dispatch, { to: 'dead' })]);
    const [late, done, ghost] = [entry(stage), entry(stage), entry(stage)];
    const item = { key: dispatch.key, round: 1, settlement: { to: 'pending', delayMs: 0, forget: false }, run: null } as const;
    const nowhere = { ...item, key: { ...dispatch.key, root: samples.newId() }, audit: ghost };
    const verdicts = [{ status: 'stale' }, { status: 'done' }, { status: 'missing' }];
    expect(await storage.reopen([{ ...item, round: 7, audit: late }, { ...item, audit: done }, nowhere])).toEqual(verdicts);
    expect(await storage.reopen([{ ...item, audit: done }])).toEqual([{ status: 'done' }]);
    expect(await all(storage)).toMatchObject([done]);
  });

  scenario('records the end of a run with it, once', async (stage) => {
    const { run } = await inRun(stage);
    const change = { key: run.key, revision: run.revision, audit: entry(stage) };
    expect(await stage.storage.cancelRun({ ...change, revision: 99, audit: entry(stage) })).toEqual({ status: 'stale' });
    expect(await stage.storage.cancelRun(change)).toEqual({ status: 'done' });
    expect(await stage.storage.cancelRun(change)).toEqual({ status: 'done' });
    expect(await all(stage.storage)).toMatchObject([change.audit]);
  });
}

/** What the audit promises: nothing is changed, nothing is lost, every place is given once. */
export function auditConcern(scenario: Scenario): void {
  describe('audit', () => {
    recording(scenario);
    reading(scenario);
    sealing(scenario);
    amending(scenario);
    pruning(scenario);
    repeating(scenario);
  });
}
