import type { Change, Storage } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { all, chained, entry, placesFor, start, subscriber } from './audit-samples.ts';
import { inRun } from './in-run.ts';
import { repeats } from './repeats.ts';
import type { Scenario } from './stage.ts';

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

/** What the audit promises: nothing is changed, nothing is lost, and a repeat records nothing twice. */
export function auditConcern(scenario: Scenario): void {
  describe('audit', () => {
    recording(scenario);
    reading(scenario);
    amending(scenario);
    repeating(scenario);
  });
}
