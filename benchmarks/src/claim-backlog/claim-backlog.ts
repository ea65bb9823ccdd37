import type { Benchmark, Case, RunSettings } from '../benchmark.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { type ClaimSettings, sampleClaims } from './sample-claims.ts';

const full = { parked: 100_000, passing: 100_000 };
const quick = { parked: 5_000, passing: 6_400 };

type Hindrance = Pick<ClaimSettings, 'parked' | 'openTransaction'>;

function claimCases(server: PostgresServer, { quick: isQuick, baselinesOnly }: RunSettings): readonly Case[] {
  const { parked, passing } = isQuick ? quick : full;
  const sampled = (role: Case['role'], name: string, hindrance: Hindrance): Case => ({
    name,
    role,
    sample: () => sampleClaims({ server, passing, ...hindrance }),
  });
  return [
    sampled('limit', 'nothing in the way', { parked: 0, openTransaction: false }),
    ...(baselinesOnly
      ? []
      : [
          sampled('ours', 'parked and an open transaction', { parked, openTransaction: true }),
          sampled('peer', 'parked', { parked, openTransaction: false }),
          sampled('peer', 'an open transaction', { parked: 0, openTransaction: true }),
        ]),
    sampled('control', 'nothing in the way again', { parked: 0, openTransaction: false }),
  ];
}

/**
 * How long a claim of 64 dispatches takes on PostgreSQL, the last fifth of those by which 100,000 pass: while 100,000 are due tomorrow and
 * somebody's transaction stays open all the time, against the same claims with neither. The largest is a look from the start, which steps over
 * all that has passed: one every two seconds.
 */
export const claimBacklog: Benchmark = {
  name: 'claim-backlog',
  unit: 'ms',
  title: 'claim of 64 dispatches of 20 tenants, PostgreSQL with fsync, 100,000 parked and an open transaction while 100,000 pass',
  better: 'lower',
  reach: 2,
  peerReach: null,
  repetitions: { full: 3, quick: 1 },
  async prepare(settings) {
    const server = await startPostgres();
    return { cases: claimCases(server, settings), close: server.stop };
  },
};
