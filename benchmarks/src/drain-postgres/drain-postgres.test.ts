import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { drainContestants } from './drain-postgres.ts';
import { assertDrained, fillDatabase, sampleDrain } from './sample-drain.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);

afterAll(() => server.stop());

// Several processes start for each; on a busy machine that takes a while.
describe('drain-postgres', { timeout: 60_000 }, () => {
  it.each(Object.values(drainContestants))('works a few jobs off through $name, each once', async (contestant) => {
    const url = await fillDatabase(server, contestant, 300);
    const sample = await sampleDrain(server, contestant, { url, jobs: 300 });
    expect(sample.value).toBeGreaterThan(0);
    expect(sample.cpuMicroseconds).toBeGreaterThan(0);
  });

  it('fails for a contestant that leaves jobs undone', async () => {
    const url = await fillDatabase(server, drainContestants.limit, 20);
    await expect(sampleDrain(server, drainContestants.limit, { url, jobs: 30 })).rejects.toThrow('20 effects, not 30');
  });
});

describe('assertDrained', () => {
  const good = { seconds: 1, effects: 5, left: 0, kept: 5, cpuMicroseconds: 1 };

  it('accepts one effect and one record for each job, and none where none are kept', () => {
    expect(() => assertDrained('ours', 5, good)).not.toThrow();
    expect(() => assertDrained('ours', 5, { ...good, kept: null })).not.toThrow();
  });

  it.each([
    ['an effect that is missing', { ...good, effects: 4 }],
    ['a job that is left', { ...good, left: 1 }],
    ['a job of which no record is kept', { ...good, kept: 4 }],
  ])('refuses %s', (_, done) => {
    expect(() => assertDrained('ours', 5, done)).toThrow('ours');
  });
});
