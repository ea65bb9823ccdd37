import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePipeline } from '../pipeline-memory/sample-pipeline.ts';
import { openSampleDatabase } from '../postgres-server/open-sample-database.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { contestants } from './pipeline-postgres.ts';

const load = { concurrency: 4, warmUp: 10, timed: 40, patienceMs: 5_000, bodyBytes: 2_048 };

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);

afterAll(() => server.stop());

// Several processes start for each; on a busy machine that takes a while.
describe('pipeline-postgres', { timeout: 60_000 }, () => {
  it.each(Object.values(contestants))('carries a tiny load through $name, every webhook with its one effect', async (contestant) => {
    const sample = await samplePipeline({ ...contestant, load, openDatabase: () => openSampleDatabase(server) });
    expect(sample.value).toBeGreaterThan(0);
    expect(sample.cpuMicroseconds).toBeGreaterThan(0);
  });
});
