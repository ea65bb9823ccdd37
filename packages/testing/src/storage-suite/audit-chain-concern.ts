import type { SealItem } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { all, chained, entry, placesFor, start } from './audit-samples.ts';
import { type Scenario, statuses } from './stage.ts';

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

/** What the chain promises: every place is given once, and only its beginning is taken away. */
export function auditChainConcern(scenario: Scenario): void {
  describe('audit', () => {
    sealing(scenario);
    pruning(scenario);
  });
}
