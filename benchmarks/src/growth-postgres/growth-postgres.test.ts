import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSampleDatabase } from '../postgres-server/open-sample-database.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { fillHistory } from './fill-history.ts';
import { sampleGrowth } from './growth-postgres.ts';

const load = { concurrency: 2, warmUp: 5, timed: 60 };

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);

afterAll(() => server.stop());

it('carries a tiny load through two processes over history that was there before', { timeout: 60_000 }, async ({ skip }) => {
  if (server.processorSeconds() === null) return skip('the platform has no /proc');
  const rows = 200;
  const template = await server.newDatabase();
  await fillHistory(template, rows);
  const counts = ['events', 'event_dedupe', 'run_history', 'dispatch_history'].map(
    (table) => `(select count(*) from patchbay.${table})::int as ${table}`,
  );
  expect(await server.query(template, `select ${counts.join(', ')}`)).toEqual([
    { events: rows, event_dedupe: rows, run_history: rows, dispatch_history: rows },
  ]);
  const sample = await sampleGrowth({ processes: 2, rows }, load, () => openSampleDatabase(server, template));
  expect(sample.value).toBeGreaterThan(0);
  expect(sample.notes['webhooks/s']).toBeGreaterThan(0);
});
