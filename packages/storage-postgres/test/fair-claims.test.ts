import type { Storage } from '@patchbay/core/adapter';
import { claimAll, newDispatch, newId, newItem } from '@patchbay/storage-records';
import type { ClientBase } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../src/database/database.ts';
import { nobody } from '../src/database/scope.ts';
import { createClaimCursor } from '../src/ledger/claim-cursor.ts';
import { claimReady } from '../src/ledger/claim-ready.ts';
import type { KnownLanes } from '../src/ledger/known-lanes.ts';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;
let storage: Storage<ClientBase>;

beforeAll(async () => {
  test = await createTestSchema();
});
beforeEach(async () => {
  await test.clear();
  storage = postgresStorage({ pool: test.pool, schema: test.schema });
});
afterAll(() => test.close());

const database = (): Database => openDatabase({ pool: test.pool, schema: test.schema, prepare: true }).within(nobody);

/** What a process knows of the lanes where there are far more than it can remember. */
const nothingKnown: KnownLanes = { all: () => [], reach: 'everywhere', learn: () => {} };

/** Stores one dispatch for each of the tenants and lanes. */
async function store(places: readonly { readonly tenant: string; readonly lane: string; readonly delayMs?: number }[]): Promise<void> {
  const items = places.map(({ tenant, lane, delayMs = 0 }) => {
    const root = newId();
    const key = { tenant, root, target: 'call', replay: 0, path: 'ticket' };
    return newItem([newDispatch(root, { key, lane, delayMs })], { tenant });
  });
  await storage.ingest(items);
}

const numbered = (count: number, of: (number: string) => { tenant: string; lane: string; delayMs?: number }) =>
  Array.from({ length: count }, (_, index) => of(String(index).padStart(4, '0')));

describe('fair claims', () => {
  it('reach an open lane behind thousands of closed ones although every process lives for one claim and others always have work', async () => {
    const closed = numbered(1_200, (number) => ({ tenant: 'acme', lane: `closed:${number}` }));
    await store([...closed, { tenant: 'acme', lane: 'zz:open' }, ...numbered(400, () => ({ tenant: 'busy', lane: 'connection:1' }))]);
    await storage.gates.close(closed.map((gate) => ({ ...gate, reason: 'breaker' as const, forMs: null })));
    const served = new Set<string>();
    // One process in twenty begins near enough.
    for (let process = 0; process < 400 && !served.has('zz:open'); process += 1) {
      const own = postgresStorage({ pool: test.pool, schema: test.schema, notify: false });
      for (const { lane } of await own.claim(claimAll({ limit: 1 }))) served.add(lane);
      await own.close();
    }
    expect([...served]).toContain('zz:open');
  });

  it('reach the open lane of each of several tenants with many closed ones, also where no lane is remembered', async () => {
    const places = ['a', 'k', 'z'].flatMap((tenant) => numbered(141, (number) => ({ tenant, lane: `${tenant}:${number}` })));
    await store(places);
    const closed = places.filter(({ lane }) => !lane.endsWith(':0140'));
    await storage.gates.close(closed.map((gate) => ({ ...gate, reason: 'breaker' as const, forMs: null })));
    const cursor = { ...createClaimCursor(), begun: true, known: nothingKnown };
    const served: string[] = [];
    for (let turn = 0; turn < 9; turn += 1)
      served.push(...(await claimReady(database(), cursor, claimAll({ limit: 1 }))).map(({ key }) => key.tenant));
    expect(served.toSorted()).toEqual(['a', 'k', 'z']);
  });

  it('keep a tenant at its open lane until its turn has come', async () => {
    const places = ['acme', 'globex'].flatMap((tenant) => numbered(100, (number) => ({ tenant, lane: `lane:${number}` })));
    const [open, closed] = [places.filter(({ lane }) => lane === 'lane:0070'), places.filter(({ lane }) => lane !== 'lane:0070')];
    await store([...closed, ...Array.from({ length: 10 }, () => open).flat(), ...numbered(40, () => ({ tenant: 'busy', lane: 'a' }))]);
    await storage.gates.close(closed.map((gate) => ({ ...gate, reason: 'breaker' as const, forMs: null })));
    const cursor = { ...createClaimCursor(), begun: true, known: nothingKnown };
    const served: string[] = [];
    // Each open lane is among those of every second visit, and then globex, which comes behind busy, would always be before acme.
    for (let turn = 0; turn < 30; turn += 1)
      served.push(...(await claimReady(database(), cursor, claimAll({ limit: 1 }))).map(({ key }) => key.tenant));
    for (const tenant of ['acme', 'globex']) expect(served.filter((one) => one === tenant).length).toBeGreaterThanOrEqual(8);
  });

  it('keep a place in the lanes of those tenants alone that have more than one statement visits', async () => {
    const cursor = createClaimCursor();
    const [many, few] = (
      [
        ['acme', 100],
        ['globex', 20],
      ] as const
    ).map(([tenant, count]) => numbered(count, (number) => ({ tenant, lane: `lane:${number}` })));
    const all = [...(many ?? []), ...(few ?? [])];
    await store(all);
    await storage.gates.close(all.map((gate) => ({ ...gate, reason: 'breaker' as const, forMs: null })));
    const tenants = ['acme', 'globex', 'initech'];
    cursor.lanes.move(tenants.map((tenant) => ({ workClass: 'live', tenant, lane: 'lane:0001' })));
    await claimReady(database(), cursor, claimAll({ limit: 1 }));
    for (const tenant of ['globex', 'initech']) expect(cursor.lanes.all().map((place) => place.tenant)).not.toContain(tenant);
  });
});

it('the time of what is next due is bounded where more lanes wait than are looked at', { timeout: 30_000 }, async () => {
  const closed = numbered(1_100, (number) => ({ tenant: 'acme', lane: `closed:${number}` }));
  await store(closed.slice(0, 900));
  await storage.gates.close(closed.map((gate) => ({ ...gate, reason: 'breaker' as const, forMs: null })));
  const { handlers } = claimAll();
  expect(await storage.nextDue({ handlers })).toBeNull();
  await store([...closed.slice(900), { tenant: 'acme', lane: 'zz:open' }]);
  expect(await storage.nextDue({ handlers })).toBe(1_000);
  await store([{ tenant: 'acme', lane: 'a:open' }]);
  expect(await storage.nextDue({ handlers })).toBe(0);
});

describe('claims that look into the lanes they know', () => {
  const lanes = numbered(4, (number) => ({ tenant: `t${number}`, lane: 'connection:1' }));
  const claimOne = async (): Promise<string | undefined> => (await storage.claim(claimAll({ limit: 1 })))[0]?.key.tenant;

  /** Makes the lanes known, leaves one dispatch in each of them, and then one that was due long before and is committed only now. */
  async function storeLate(): Promise<void> {
    await store([...lanes, ...lanes, ...lanes, ...lanes]);
    expect(await storage.claim(claimAll({ limit: 8 }))).toHaveLength(8);
    await store([{ tenant: 't0000', lane: 'connection:1' }]);
    await test.pool.query(
      `update ${test.schema}.dispatches set due_at = due_at - interval '1 hour', operation = 'late'
       where handle = (select max(handle) from ${test.schema}.dispatches)`,
    );
  }

  it('find what was committed long after it was due as soon as they find nothing else', async () => {
    await storeLate();
    const claimed = await storage.claim(claimAll());
    expect([...claimed, ...(await storage.claim(claimAll()))].map(({ operation }) => operation)).toContain('late');
  });

  it('find what was committed long after it was due within two seconds although there is always something else', async () => {
    await storeLate();
    expect((await storage.claim(claimAll({ limit: 2 }))).map(({ operation }) => operation)).not.toContain('late');
    await test.advance(2_000);
    const next = [...(await storage.claim(claimAll({ limit: 1 }))), ...(await storage.claim(claimAll({ limit: 4 })))];
    expect(next).toHaveLength(5);
    expect(next.map(({ operation }) => operation)).toContain('late');
  });

  it('serve a tenant that is new to them in its turn', async () => {
    await store(lanes.flatMap((place) => Array.from({ length: 20 }, () => place)));
    for (let turn = 0; turn < 4; turn += 1) await claimOne();
    await store([{ tenant: 'zz:new', lane: 'connection:1' }]);
    const served: (string | undefined)[] = [];
    for (let turn = 0; turn < 5; turn += 1) served.push(await claimOne());
    expect(new Set(served)).toEqual(new Set([...lanes.map(({ tenant }) => tenant), 'zz:new']));
  });

  it('do not pass over what is due between a retry far ahead and now', async () => {
    await store([{ tenant: 't0000', lane: 'connection:1', delayMs: 50_000 }, ...lanes.slice(1)]);
    expect(await storage.claim(claimAll())).toHaveLength(3);
    await store(lanes);
    expect((await storage.claim(claimAll())).map(({ key }) => key.tenant).toSorted()).toEqual(lanes.map(({ tenant }) => tenant));
  });
});

describe('more dispatches that become due at once than one claim brings back', () => {
  it('do not pass by what became due long before the others of its lane', { timeout: 30_000 }, async () => {
    await store(numbered(1_500, () => ({ tenant: 'large', lane: 'connection:1', delayMs: 61_000 })));
    await store([{ tenant: 'small', lane: 'connection:1', delayMs: 62_000 }]);
    await test.advance(70_000);
    await store([{ tenant: 'small', lane: 'connection:1' }]);
    const served: string[] = [];
    for (let turn = 0; turn < 2; turn += 1) served.push(...(await storage.claim(claimAll({ limit: 2 }))).map(({ key }) => key.tenant));
    expect(served.toSorted()).toEqual(['large', 'large', 'small', 'small']);
  });
});

describe('a dispatch that is due later than a minute', () => {
  it('stands apart from what is ready, and comes in its turn when it is due', async () => {
    await store([{ tenant: 'acme', lane: 'a', delayMs: 120_000 }]);
    await test.advance(119_000);
    await store([{ tenant: 'acme', lane: 'b' }]);
    const parked = `select count(*)::int as count from ${test.schema}.dispatches where parked`;
    expect((await test.pool.query(parked)).rows).toEqual([{ count: 1 }]);
    await test.advance(5_000);
    expect((await storage.claim(claimAll({ limit: 2 }))).map(({ lane }) => lane)).toEqual(['b', 'a']);
    expect((await test.pool.query(parked)).rows).toEqual([{ count: 0 }]);
  });

  it('is not passed over by what became due after it, although that alone would fill the limit', async () => {
    await store([{ tenant: 'acme', lane: 'a', delayMs: 61_000 }]);
    await test.advance(62_000);
    await store(numbered(5, () => ({ tenant: 'acme', lane: 'b' })));
    expect((await storage.claim(claimAll({ limit: 1 }))).map(({ lane }) => lane)).toEqual(['a']);
  });
});
