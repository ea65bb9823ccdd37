import type { Benchmark, Case, PreparedCases, RunSettings } from '../benchmark.ts';
import { type PipelineSubject, samplePipeline } from '../pipeline-memory/sample-pipeline.ts';
import { openSampleDatabase } from '../postgres-server/open-sample-database.ts';
import { peerVersion } from '../postgres-server/peer-version.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';

const concurrency = 20;
const patienceMs = 10_000;

const handWritten = new URL('../../baselines/pipeline-postgres/hand-written.ts', import.meta.url);
const graphileWorker = new URL('../../baselines/pipeline-postgres/graphile-worker.ts', import.meta.url);
const pgBoss = new URL('../../baselines/pipeline-postgres/pg-boss.ts', import.meta.url);
const patchbay = new URL('./patchbay-host.ts', import.meta.url);

/** The contestants of the pipeline on PostgreSQL, by the part that they play. */
export const contestants = {
  limit: { name: 'hand-written', module: handWritten, verifies: true },
  ours: { name: 'patchbay', module: patchbay, verifies: true },
  graphileWorker: { name: `graphile-worker@${peerVersion('graphile-worker')}`, module: graphileWorker, verifies: true },
  pgBoss: { name: `pg-boss@${peerVersion('pg-boss')}`, module: pgBoss, verifies: true },
} as const;

function casesOf(server: PostgresServer, bodyBytes: number, { quick, baselinesOnly }: RunSettings): readonly Case[] {
  const load = { concurrency, patienceMs, bodyBytes, ...(quick ? { warmUp: 300, timed: 1_000 } : { warmUp: 2_000, timed: 8_000 }) };
  const sampled = (role: Case['role'], subject: Pick<PipelineSubject, 'name' | 'module' | 'verifies'>): Case => ({
    name: subject.name,
    role,
    sample: () => samplePipeline({ ...subject, load, openDatabase: () => openSampleDatabase(server) }),
  });
  return [
    sampled('limit', contestants.limit),
    ...(baselinesOnly ? [] : [sampled('ours', contestants.ours)]),
    sampled('peer', contestants.graphileWorker),
    sampled('peer', contestants.pgBoss),
    sampled('control', { ...contestants.limit, name: 'hand-written again' }),
  ];
}

async function prepare(bodyBytes: number, settings: RunSettings): Promise<PreparedCases> {
  const server = await startPostgres();
  settings.report(`PostgreSQL ${server.version}, fsync and synchronous_commit on`);
  return { cases: casesOf(server, bodyBytes, settings), close: server.stop };
}

/**
 * The whole durable pipeline in one process on PostgreSQL: a signed GitHub delivery in over HTTP, committed before the 202, one
 * create-issue call out over HTTP, its outcome committed; 20 at once, closed by effect.
 */
const pipelinePostgres = (name: string, bodyBytes: number): Benchmark => ({
  name,
  unit: 'webhooks/s',
  title: `signed GitHub webhook of ${bodyBytes / 1_024} KB in, create-issue call out, ${concurrency} at once, all committed to PostgreSQL 18`,
  better: 'higher',
  reach: 0.6,
  peerReach: 1,
  repetitions: { full: 7, quick: 3 },
  prepare: (settings) => prepare(bodyBytes, settings),
});

/** With bodies of 2 KB, where the payload hides least of what a hub costs. */
export const pipelinePostgres2 = pipelinePostgres('pipeline-postgres', 2_048);

/** With bodies of 8 KB. */
export const pipelinePostgres8 = pipelinePostgres('pipeline-postgres-8kb', 8_192);
