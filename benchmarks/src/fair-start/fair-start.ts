import type { Benchmark, Case } from '../benchmark.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { sampleStarts } from './sample-starts.ts';

/** What is promised: 99 of 100 calls of a quiet tenant start within a second. */
const promisedMs = 1_000;

/** How large one run is. */
interface Size {
  readonly backlog: number;
  readonly quietTenants: number;
  readonly seconds: number;
}

const quick: Size = { backlog: 3_000, quietTenants: 20, seconds: 2 };

function startCases(server: PostgresServer, size: Size, baselinesOnly: boolean): readonly Case[] {
  const ours: Case = { name: 'patchbay', role: 'ours', sample: () => sampleStarts({ server, ...size }) };
  return [
    { name: 'the promise', role: 'limit', sample: async () => ({ value: promisedMs, cpuMicroseconds: null, notes: {} }) },
    ...(baselinesOnly ? [] : [ours]),
    { name: 'nobody else waits', role: 'peer', sample: () => sampleStarts({ server, ...size, backlog: 0 }) },
  ];
}

/**
 * How long tenants that publish an event a second each wait for their subscriber's call to start, by 99 of 100, while one tenant has many
 * waiting. The limit is no measurement but the second that is promised, so the ratio is that of the promise which is used up.
 */
const fairStartOf = (name: string, size: Size, repetitions: number): Benchmark => ({
  name,
  unit: 'ms',
  title:
    `publish to start of a quiet tenant's call, p99, PostgreSQL with fsync, ` +
    `${size.backlog} of one tenant waiting, ${size.quietTenants} tenants of one a second`,
  better: 'lower',
  reach: 1,
  peerReach: null,
  repetitions: { full: repetitions, quick: 1 },
  async prepare(settings) {
    const server = await startPostgres();
    return { cases: startCases(server, settings.quick ? quick : size, settings.baselinesOnly), close: server.stop };
  },
});

/** One tenant has 10,000 waiting, 20 others publish. */
export const fairStart: Benchmark = fairStartOf('fair-start', { backlog: 10_000, quietTenants: 20, seconds: 10 }, 3);

/** One tenant has 100,000 waiting, 50 others publish. */
export const fairStartLarge: Benchmark = fairStartOf('fair-start-100000', { backlog: 100_000, quietTenants: 50, seconds: 20 }, 1);
