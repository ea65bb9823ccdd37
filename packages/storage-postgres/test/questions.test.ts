import { readFileSync } from 'node:fs';
import type { ClaimedDispatch } from '@patchbay/core/adapter';
import { claimAll, newDispatch, newId, newItem, newRunItem, succeeded } from '@patchbay/storage-records';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresStorage } from '../src/postgres-storage.ts';
import { createTestSchema, type TestSchema } from './support/test-schema.ts';

const guide = readFileSync(new URL('../../../docs/guides/questions-in-sql.md', import.meta.url), 'utf8');
const [, section = ''] = (guide.split('\n## SQLite\n')[0] ?? '').split('\n## PostgreSQL\n');
const questions = [...section.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql);

let test: TestSchema;
beforeAll(async () => {
  test = await createTestSchema();
});
afterAll(() => test.close());

it('answers every question of the guide with what is in the tables', async () => {
  const storage = postgresStorage({ pool: test.pool, schema: test.schema });
  // An hour ago, so that the server's clock of the questions finds everything overdue.
  await test.advance(-3_600_000);
  const settle = async (dispatch: ClaimedDispatch): Promise<void> => {
    const done = succeeded(dispatch);
    const error = { code: 'provider_unavailable', message: 'The service is away.' };
    const attempt = { ...done.attempt, outcome: 'unknown' as const, error };
    await storage.settle([{ ...done, attempt, settlement: { to: dispatch.lane === 'dead' ? 'dead' : 'held' } }]);
  };
  const itemOf = (lane: string) => {
    const root = newId();
    return newItem([newDispatch(root, { lane })], { root });
  };
  const [dead, held, leased, waits] = [itemOf('dead'), itemOf('held'), itemOf('leased'), itemOf('waits')];
  const unplanned = newItem([], { plan: null });
  const { plan, ...inRun } = newRunItem(['ticket']);
  const tomorrow = plan && { ...plan, dispatches: plan.dispatches.map((dispatch) => ({ ...dispatch, delayMs: 86_400_000 })) };
  await storage.ingest([dead, held]);
  for (const dispatch of await storage.claim(claimAll())) await settle(dispatch);
  await storage.ingest([leased]);
  await storage.claim(claimAll({ holder: 'worker-lost' }));
  await storage.gates.close([{ tenant: 'acme', lane: 'waits', reason: 'paused', forMs: null }]);
  await storage.ingest([waits, unplanned]);
  await test.pool.query(`update ${test.schema}.events set registration = 'r-1', delivery_id = 'd-1' where id = $1`, [unplanned.root]);
  await storage.ingest([{ ...inRun, plan: tomorrow }]);
  const answers: unknown[][] = [];
  for (const sql of questions) answers.push((await test.pool.query(sql.replaceAll('patchbay.', `${test.schema}.`))).rows);
  const since = expect.any(Date);
  expect(answers.slice(0, 5)).toMatchObject([
    [{ tenant: 'acme', operation: 'create_issue', dispatches: '1', since, code: 'provider_unavailable' }],
    [{ tenant: 'acme', event: held.root, since, message: 'The service is away.' }],
    [{ tenant: 'acme', lane: 'waits', dispatches: '1', since, reason: 'paused' }],
    [{ holder: 'worker-lost', dispatches: '1', since }],
    [{ tenant: 'acme', event: unplanned.root, type: 'github.issue.opened', since }],
  ]);
  expect(answers[5]).toMatchObject([{ registration: 'r-1', delivery_id: 'd-1', event: unplanned.root, received_at: since }]);
  expect(answers[6]).toMatchObject([{ event: inRun.root, step: 'ticket', status: 'pending', attempts: 0, finished_at: null }]);
  expect(answers[7]).toHaveLength(6);
  expect(answers[7]?.[0]).toMatchObject({ tenant: 'acme', body: '{"number":7}' });
  await storage.close();
});
