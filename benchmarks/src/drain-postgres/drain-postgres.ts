import type { Benchmark, Case, PreparedCases, RunSettings } from '../benchmark.ts';
import { peerVersion } from '../postgres-server/peer-version.ts';
import { startPostgres } from '../postgres-server/start-postgres.ts';
import { type DrainContestant, fillDatabase, sampleDrain } from './sample-drain.ts';

const rawSql = new URL('../../baselines/drain-postgres/raw-sql.ts', import.meta.url);
const pgBoss = new URL('../../baselines/drain-postgres/pg-boss.ts', import.meta.url);
const graphileWorker = new URL('../../baselines/drain-postgres/graphile-worker.ts', import.meta.url);
const patchbay = new URL('./patchbay-worker.ts', import.meta.url);

/** The contestants of the drain, by the part that they play. */
export const drainContestants = {
  limit: { name: 'raw SQL', module: rawSql },
  ours: { name: 'patchbay', module: patchbay },
  pgBoss: { name: `pg-boss@${peerVersion('pg-boss')}`, module: pgBoss },
  graphileWorker: { name: `graphile-worker@${peerVersion('graphile-worker')}, no history`, module: graphileWorker },
} as const satisfies Readonly<Record<string, DrainContestant>>;

async function prepare({ quick, baselinesOnly, report }: RunSettings): Promise<PreparedCases> {
  const jobs = quick ? 10_000 : 100_000;
  const server = await startPostgres();
  const cases: Case[] = [];
  const add = async (role: Case['role'], contestant: DrainContestant): Promise<string> => {
    report(`drain-postgres: ${contestant.name} gets its ${jobs} jobs`);
    const url = await fillDatabase(server, contestant, jobs);
    cases.push({ name: contestant.name, role, sample: () => sampleDrain(server, contestant, { url, jobs }) });
    return url;
  };
  try {
    const url = await add('limit', drainContestants.limit);
    if (!baselinesOnly) await add('ours', drainContestants.ours);
    await add('peer', drainContestants.pgBoss);
    await add('peer', drainContestants.graphileWorker);
    const control = { ...drainContestants.limit, name: 'raw SQL again' };
    cases.push({ name: control.name, role: 'control', sample: () => sampleDrain(server, control, { url, jobs }) });
    return { cases, close: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Work that waits, worked off by one process: 100,000 dispatches of an action that does nothing, with their history. */
export const drainPostgres: Benchmark = {
  name: 'drain-postgres',
  unit: 'dispatches/s',
  title: '100,000 dispatches of 1 KB with an effect that does nothing, one process, PostgreSQL 18 (10,000 with --quick)',
  better: 'higher',
  reach: 0.6,
  peerReach: 1,
  // The other one keeps nothing of a job that is done.
  rivals: [drainContestants.pgBoss.name],
  repetitions: { full: 7, quick: 3 },
  prepare,
};
