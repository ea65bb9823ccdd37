import { array, assert, asyncProperty, constantFrom, nat, record, uniqueArray } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { type Crowd, type Deed, kinds, letCrowdWork, tenants } from './support/crowd.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

let test: TestSchema;

beforeAll(async () => {
  test = await createTestSchema();
});
afterAll(async () => {
  await test.close();
});

/** A process on connections whose deadlocks the server finds within a few milliseconds, before any wait for a lock is over. */
function openProcess() {
  return postgresStorage({ pool: test.anotherPool('-c deadlock_timeout=5ms'), schema: test.schema, notify: false });
}

const order = uniqueArray(nat(63), { minLength: 20, maxLength: 64, size: 'max' });
const deed = record({ kind: constantFrom(...kinds), tenant: constantFrom(...tenants), order });

/** Half of the crowd do the same to the same tenant, each in an order of their own, while the others do what they like. */
const round = record({
  kind: constantFrom('ingest' as const, 'add' as const, 'add' as const, ...kinds),
  tenant: constantFrom(...tenants),
  orders: array(order, { minLength: 4, maxLength: 4 }),
  others: array(deed, { minLength: 4, maxLength: 4 }),
}).map(({ kind, tenant, orders, others }): Deed[] => [...orders.map((own) => ({ kind, tenant, order: own })), ...others]);

it('a crowd that goes over the same things in any order never waits for each other in a circle', { timeout: 60_000 }, async () => {
  const storages = [openProcess(), openProcess()];
  const refused: string[] = [];
  const property = asyncProperty(array(round, { minLength: 12, maxLength: 12 }), async (rounds) => {
    const crowd: Crowd = { storages, items: [], refused: [] };
    await letCrowdWork(crowd, rounds);
    refused.push(...crowd.refused);
    expect(crowd.refused.filter((state) => state.endsWith('40P01'))).toEqual([]);
  });
  await assert(property, { numRuns: 4, endOnFailure: true });
  expect(refused).toEqual([]);
});
