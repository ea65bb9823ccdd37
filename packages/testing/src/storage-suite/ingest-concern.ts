import type { IngestItem, IngestVerdict } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { type Scenario, type Stage, statuses } from './stage.ts';

async function storedEvents(stage: Stage, tenant = stage.samples.tenant): Promise<number> {
  return (await stage.storage.history.events(tenant, {}, { cursor: null, limit: 500 })).items.length;
}

async function storedDispatches(stage: Stage, tenant = stage.samples.tenant): Promise<number> {
  return (await stage.storage.history.dispatches(tenant, {}, { cursor: null, limit: 500 })).items.length;
}

const withKey = (stage: Stage, key: string, hash: string | null = null): IngestItem => stage.samples.item({ dedupe: { key, hash } });

function delivery(scenario: Scenario): void {
  scenario('stores an event with its dispatches and finds both', async (stage) => {
    const item = stage.samples.item();
    expect(await stage.storage.ingest([item])).toEqual([{ status: 'created', leased: [] }]);
    expect(await stage.storage.history.event(item.tenant, item.root)).toMatchObject({ ...item.event, considered: [] });
    const [dispatch] = item.plan?.dispatches ?? [];
    if (dispatch === undefined) throw new Error('The sample has a dispatch.');
    const { delayMs: _, ...stored } = dispatch;
    expect(await stage.storage.history.dispatch(dispatch.key)).toMatchObject({
      ...stored,
      status: 'pending',
      round: 1,
      attempts: 0,
      crashes: 0,
    });
  });

  scenario('makes one event of the same delivery that comes 100 times at once', async (stage) => {
    const verdicts = await Promise.all(
      Array.from({ length: 100 }, async () => (await stage.storage.ingest([withKey(stage, 'delivery-1', 'h')]))[0]),
    );
    const found = statuses(verdicts.flatMap((verdict) => verdict ?? []));
    expect(found.filter((status) => status === 'created')).toHaveLength(1);
    expect(found.filter((status) => status === 'duplicate')).toHaveLength(99);
    expect([await storedEvents(stage), await storedDispatches(stage)]).toEqual([1, 1]);
  });

  scenario('makes one event of the same delivery that comes 100 times in one batch, the first', async (stage) => {
    const items = Array.from({ length: 100 }, () => withKey(stage, 'delivery-1', 'h'));
    const verdicts = await stage.storage.ingest(items);
    expect(statuses(verdicts)).toEqual(['created', ...Array.from({ length: 99 }, () => 'duplicate')]);
    expect(verdicts[99]).toEqual({ status: 'duplicate', root: items[0]?.root });
    expect([await storedEvents(stage), await storedDispatches(stage)]).toEqual([1, 1]);
  });

  scenario('stores 50 keys once when two batches bring them at once in different order', async (stage) => {
    for (let round = 0; round < 20; round += 1) {
      const keys = Array.from({ length: 50 }, (_, index) => `key-${round}-${index}`);
      const [first, second] = await Promise.all([ingestAll(stage, keys), ingestAll(stage, keys.toReversed())]);
      const back = second.toReversed();
      for (const [index] of keys.entries())
        expect(statuses([first[index], back[index]].flatMap((verdict) => verdict ?? [])).sort()).toEqual(['created', 'duplicate']);
    }
  });

  scenario('stores 50 keys once when two processes bring them at once in different order', async (stage) => {
    const other = await stage.second();
    for (let round = 0; round < 20; round += 1) {
      const keys = Array.from({ length: 50 }, (_, index) => `key-${round}-${index}`);
      const verdicts = await Promise.all([
        stage.storage.ingest(keys.map((key) => withKey(stage, key))),
        other.ingest(keys.toReversed().map((key) => withKey(stage, key))),
      ]);
      expect(statuses(verdicts.flat()).filter((status) => status === 'created')).toHaveLength(50);
    }
  });
}

function guards(scenario: Scenario): void {
  scenario('tells a conflict from a duplicate by the hash', async (stage) => {
    const first = withKey(stage, 'order-7', 'hash-a');
    const verdicts = await stage.storage.ingest([
      first,
      withKey(stage, 'order-7', 'hash-b'),
      withKey(stage, 'order-7', 'hash-a'),
      withKey(stage, 'order-7'),
    ]);
    expect(verdicts.slice(1)).toEqual([
      { status: 'conflict', root: first.root },
      { status: 'duplicate', root: first.root },
      { status: 'duplicate', root: first.root },
    ]);
    expect(await storedEvents(stage)).toBe(1);
  });

  scenario('answers created for the same key and root again, and stores nothing twice', async (stage) => {
    const item = withKey(stage, 'delivery-1', 'h');
    expect(statuses(await stage.storage.ingest([item]))).toEqual(['created']);
    expect(statuses(await stage.storage.ingest([item, item]))).toEqual(['created', 'created']);
    expect([await storedEvents(stage), await storedDispatches(stage)]).toEqual([1, 1]);
  });

  scenario('guards an item without a key by its root', async (stage) => {
    const { samples } = stage;
    const root = samples.newId();
    const later = samples.call(root, [
      samples.dispatch(root),
      samples.dispatch(root, { key: { ...samples.dispatch(root).key, path: 'other' } }),
    ]);
    expect(statuses(await stage.storage.ingest([samples.call(root), samples.call(root), later]))).toEqual([
      'created',
      'created',
      'created',
    ]);
    expect(await storedDispatches(stage)).toBe(1);
  });

  scenario('adds the plan of a replay, which has a key of its own, beside what the root has', async (stage) => {
    const { samples } = stage;
    const item = samples.automated(samples.newId());
    const [run] = item.plan?.runs ?? [];
    if (run === undefined) throw new Error('The sample has a run.');
    const again = samples.automated(item.root, { run: { key: { ...run.key, replay: 1 } }, dispatch: { workClass: 'replay' } });
    const replay: IngestItem = { ...again, event: null, dedupe: { key: 'replay:1', hash: null } };
    expect(statuses(await stage.storage.ingest([item, replay, replay]))).toEqual(['created', 'created', 'created']);
    expect(await storedDispatches(stage)).toBe(2);
    expect(await stage.storage.history.run({ ...run.key, replay: 1 })).toMatchObject({ status: 'running' });
    expect(await storedEvents(stage)).toBe(1);
  });

  scenario('leaves a run and a dispatch that are stored already as they are', async (stage) => {
    const { samples } = stage;
    const item = samples.automated(samples.newId());
    const [run] = item.plan?.runs ?? [];
    const [dispatch] = item.plan?.dispatches ?? [];
    if (run === undefined || dispatch === undefined) throw new Error('The sample has a run and a dispatch.');
    const changed = samples.plan({ runs: [{ ...run, state: '{"other":1}' }], dispatches: [{ ...dispatch, input: '{"other":1}' }] });
    await stage.storage.ingest([item, { ...item, event: null, dedupe: { key: 'replay:1', hash: null }, plan: changed }]);
    expect(await stage.storage.history.run(run.key)).toMatchObject({ state: run.state });
    expect(await stage.storage.history.dispatch(dispatch.key)).toMatchObject({ input: dispatch.input });
  });
}

function revisions(scenario: Scenario): void {
  const subscriber = {
    put: 'subscriber',
    id: 'subscriber-1',
    name: 'index',
    expect: 'absent',
    value: { name: 'index', pattern: '*' },
  } as const;

  for (const scope of ['', 'acme'] as const) {
    scenario(`stores nothing when the ${scope === '' ? "hub's" : "tenant's"} configuration has moved since the plan`, async (stage) => {
      await stage.storage.configuration.write(scope, [subscriber]);
      const revision = await stage.storage.configuration.revision('acme');
      const item = withKey(stage, 'delivery-1');
      expect(await stage.storage.ingest([item])).toEqual([{ status: 'moved', revision }]);
      expect([await storedEvents(stage), await storedDispatches(stage)]).toEqual([0, 0]);
      const fresh = { ...item, plan: stage.samples.plan({ revision }) };
      expect(statuses(await stage.storage.ingest([fresh]))).toEqual(['created']);
    });
  }

  scenario('lets an unplanned event in under the configuration that admitted it, and under no other', async (stage) => {
    const admittedAt = await stage.storage.configuration.revision('acme');
    const item = { ...withKey(stage, 'delivery-1'), plan: null };
    await stage.storage.configuration.write('acme', [subscriber]);
    const revision = await stage.storage.configuration.revision('acme');
    expect(await stage.storage.ingest([{ ...item, admittedAt }])).toEqual([{ status: 'moved', revision }]);
    expect(await storedEvents(stage)).toBe(0);
    expect(statuses(await stage.storage.ingest([{ ...item, admittedAt: revision }]))).toEqual(['created']);
    const marks = await stage.storage.claimMarks({ holder: 'router-a', limit: 10, ttlMs: 30_000 });
    expect(marks).toMatchObject([{ root: item.root, routed: 0 }]);
    expect(statuses(await stage.storage.ingest([{ ...item, admittedAt }]))).toEqual(['created']);
  });

  scenario('answers created when what was stored comes again after the configuration has moved', async (stage) => {
    const item = withKey(stage, 'delivery-1');
    await stage.storage.ingest([item]);
    await stage.storage.configuration.write('acme', [subscriber]);
    expect(statuses(await stage.storage.ingest([item, withKey(stage, 'delivery-1')]))).toEqual(['created', 'duplicate']);
  });

  scenario('refuses in one batch only the items whose configuration has moved', async (stage) => {
    await stage.storage.configuration.write('globex', [subscriber]);
    const [mine, theirs] = [withKey(stage, 'a'), { ...withKey(stage, 'b'), tenant: 'globex' }];
    const foreign = { ...theirs, event: stage.samples.event({ tenant: 'globex', id: theirs.root }), plan: stage.samples.plan() };
    expect(statuses(await stage.storage.ingest([foreign, mine]))).toEqual(['moved', 'created']);
  });
}

/** Stores one item for each key; what another batch holds for a moment is brought again, as the hub does. */
async function ingestAll(stage: Stage, keys: readonly string[]): Promise<readonly IngestVerdict[]> {
  const items = keys.map((key) => withKey(stage, key));
  const verdicts = [...(await stage.storage.ingest(items))];
  for (let tries = 0; tries < 20 && verdicts.some(({ status }) => status === 'busy'); tries += 1) {
    for (const [index, { status }] of verdicts.entries()) {
      const item = items[index];
      if (status !== 'busy' || item === undefined) continue;
      verdicts[index] = (await stage.storage.ingest([item]))[0] ?? { status };
    }
  }
  return verdicts;
}

/** What `ingest` promises: every delivery once, nothing of another configuration, nothing of another tenant. */
export function ingestConcern(scenario: Scenario): void {
  describe('ingest', () => {
    delivery(scenario);
    guards(scenario);
    revisions(scenario);

    scenario('keeps tenants apart: the same key and the same root in each', async (stage) => {
      const { samples } = stage;
      const mine = withKey(stage, 'delivery-1', 'a');
      const theirs = {
        ...mine,
        tenant: 'globex',
        event: samples.event({ tenant: 'globex', id: mine.root }),
        plan: samples.plan(),
        dedupe: { key: 'delivery-1', hash: 'b' },
      };
      expect(statuses(await stage.storage.ingest([mine, theirs]))).toEqual(['created', 'created']);
      expect([await storedDispatches(stage), await storedDispatches(stage, 'globex')]).toEqual([1, 0]);
    });

    scenario('refuses an item that brings what belongs to another tenant or root', async (stage) => {
      const { samples, storage } = stage;
      const root = samples.newId();
      const { key } = samples.dispatch(root);
      const theirs = [
        { dispatches: [samples.dispatch(root, { key: { ...key, tenant: 'globex' } })] },
        { dispatches: [samples.dispatch(root, { key: { ...key, root: samples.newId() } })] },
        { runs: [samples.run(root, { key: { ...samples.run(root).key, tenant: 'globex' } })] },
      ];
      for (const plan of theirs) await expect(storage.ingest([samples.item({ root, plan: samples.plan(plan) })])).rejects.toThrow();
      await expect(storage.ingest([samples.item({ root, event: samples.event({ id: root, tenant: 'globex' }) })])).rejects.toThrow();
      expect([await storedDispatches(stage), await storedDispatches(stage, 'globex'), await storedEvents(stage, 'globex')]).toEqual([
        0, 0, 0,
      ]);
    });

    scenario('leaves nothing of a malformed item, and the others can come again without it', async (stage) => {
      const good = withKey(stage, 'good');
      const bad = withKey(stage, 'bad');
      const broken = JSON.parse('null');
      const malformed = { ...bad, plan: stage.samples.plan({ dispatches: [stage.samples.dispatch(bad.root), broken] }) };
      await expect(stage.storage.ingest([good, malformed])).rejects.toThrow();
      expect(await stage.storage.history.event(bad.tenant, bad.root)).toBeNull();
      expect((await stage.storage.history.dispatches(bad.tenant, { root: bad.root }, { cursor: null, limit: 10 })).items).toEqual([]);
      expect(statuses(await stage.storage.ingest([good, bad]))).toEqual(['created', 'created']);
    });
  });
}
