import type { Benchmark, Case } from '../benchmark.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { type RevokeSize, sampleRevoke } from './sample-revoke.ts';

/** What is promised: all of them are of no use within a minute. */
const promisedSeconds = 60;

const full: RevokeSize = { connections: 10_000, tenants: 20 };
const quick: RevokeSize = { connections: 300, tenants: 6 };

function cases(server: PostgresServer, size: RevokeSize, baselinesOnly: boolean): readonly Case[] {
  const ours: Case = { name: 'patchbay', role: 'ours', sample: () => sampleRevoke({ server, ...size }) };
  return [
    { name: 'the promise', role: 'limit', sample: async () => ({ value: promisedSeconds, cpuMicroseconds: null, notes: {} }) },
    ...(baselinesOnly ? [] : [ours]),
    { name: 'in memory', role: 'peer', sample: () => sampleRevoke({ server: null, ...size }) },
  ];
}

/**
 * How long an operator takes to end all connections of one connector over several tenants, their grants handed over for taking back. The limit is no
 * measurement but the minute that is promised, so the ratio is that of the promise which is used up.
 */
export const bulkRevoke: Benchmark = {
  name: 'bulk-revoke',
  unit: 's',
  title: `end ${full.connections} OAuth connections of one connector over ${full.tenants} tenants, PostgreSQL with fsync`,
  better: 'lower',
  reach: 1,
  peerReach: null,
  repetitions: { full: 1, quick: 1 },
  async prepare(settings) {
    const server = await startPostgres();
    return { cases: cases(server, settings.quick ? quick : full, settings.baselinesOnly), close: server.stop };
  },
};
