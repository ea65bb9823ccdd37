import type { Benchmark, Case, PreparedCases, RunSettings, Sample } from '../benchmark.ts';
import { type SampleDatabase, samplePipeline } from '../pipeline-memory/sample-pipeline.ts';
import { contestants } from '../pipeline-postgres/pipeline-postgres.ts';
import { openSampleDatabase } from '../postgres-server/open-sample-database.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { fillHistory } from './fill-history.ts';

/** How many host processes share the work, and how many rows each table of the history has before it begins. */
export interface GrowthPoint {
  readonly processes: number;
  readonly rows: number;
}

const pointsOf = ([few, more, most]: readonly [number, number, number]): readonly GrowthPoint[] => [
  { processes: 1, rows: few },
  { processes: 2, rows: few },
  { processes: 4, rows: few },
  { processes: 1, rows: more },
  { processes: 1, rows: most },
  { processes: 4, rows: most },
];

const nameOf = ({ processes, rows }: GrowthPoint): string =>
  `${processes} ${processes === 1 ? 'process' : 'processes'}, ${rows.toLocaleString('en-US')} rows`;

/** How much work a sample is, for one process. */
export interface GrowthLoad {
  readonly concurrency: number;
  readonly warmUp: number;
  /** In all, whatever the number of processes. */
  readonly timed: number;
}

/**
 * Measures a point: the cost is the server's processor time for one event, and that of the hub's processes stands beside it. Each process
 * has the same number of callers, as what it batches goes by them.
 */
export async function sampleGrowth(
  { processes, rows }: GrowthPoint,
  { concurrency, warmUp, timed }: GrowthLoad,
  openDatabase: () => Promise<SampleDatabase>,
): Promise<Sample> {
  const load = { concurrency: concurrency * processes, warmUp: warmUp * processes, timed, patienceMs: 10_000, bodyBytes: 2_048 };
  const sample = await samplePipeline({ ...contestants.ours, name: nameOf({ processes, rows }), processes, load, openDatabase });
  const { 'server us/op': value, ...notes } = sample.notes;
  if (value === undefined) throw new Error('This platform does not tell the processor time of a process. Measure growth where /proc is.');
  return { value, cpuMicroseconds: sample.cpuMicroseconds, notes: { 'webhooks/s': sample.value, ...notes } };
}

async function fillTemplates(server: PostgresServer, points: readonly GrowthPoint[], report: RunSettings['report']) {
  const templates = new Map<number, string>();
  for (const rows of new Set(points.map((point) => point.rows))) {
    report(`growth-postgres: ${rows} rows of history are being made`);
    const url = await server.newDatabase();
    await fillHistory(url, rows);
    templates.set(rows, url);
  }
  return templates;
}

async function prepare({ quick, baselinesOnly, report }: RunSettings): Promise<PreparedCases> {
  if (baselinesOnly) return { cases: [], close: async () => {} };
  const points = pointsOf(quick ? [1_000, 10_000, 50_000] : [10_000, 100_000, 1_000_000]);
  const load = { concurrency: 20, ...(quick ? { warmUp: 400, timed: 1_500 } : { warmUp: 2_000, timed: 6_000 }) };
  const server = await startPostgres();
  try {
    const templates = await fillTemplates(server, points, report);
    const caseOf = (point: GrowthPoint, suffix: string): Case => ({
      name: `${nameOf(point)}${suffix}`,
      role: 'point',
      sample: () => sampleGrowth(point, load, () => openSampleDatabase(server, templates.get(point.rows))),
    });
    // The first point twice: what the two differ by is noise.
    const again = points.slice(0, 1).map((point) => caseOf(point, ' again'));
    return { cases: [...points.map((point) => caseOf(point, '')), ...again], close: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * What an event of `pipeline-postgres` costs the database as processes and history grow. Processor time and not the rate, because several
 * processes on the same processors would measure the scheduler.
 */
export const growthPostgres: Benchmark = {
  name: 'growth-postgres',
  unit: 'server us/event',
  title: 'processor time of PostgreSQL 18 for one webhook of 2 KB, by host processes and by rows in each table of the history',
  better: 'lower',
  reach: 1.3,
  peerReach: null,
  repetitions: { full: 7, quick: 3 },
  prepare,
};
