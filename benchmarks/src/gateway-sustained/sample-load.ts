import { randomBytes } from 'node:crypto';
import { migrate } from '@patchbay/storage-postgres';
import pg from 'pg';
import type { Sample } from '../benchmark.ts';
import { percentile } from '../percentile.ts';
import { openSampleDatabase } from '../postgres-server/open-sample-database.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';
import { startChild } from '../start-child.ts';
import { type LoadSettings, loadDone, loadReady, serviceCount, serviceReady, type Target } from './messages.ts';
import { sustainedHub } from './sustained-hub.ts';

/** What three processes of a host ask of one service. */
export interface Load {
  readonly server: PostgresServer;
  readonly client: LoadSettings['client'];
  readonly quota: LoadSettings['quota'];
  /** The service's answers say how its windows stand. */
  readonly tells: boolean;
  readonly milliseconds: number;
  /** Requests a second of all processes together. */
  readonly rate: number;
  readonly tenants: number;
  /** Connections of each tenant whose requests come at a steady rate. */
  readonly steady: number;
  /** Connections of one more tenant that are asked for as much as they give. */
  readonly greedy: number;
  /** Callers of each of those, in each process. */
  readonly callers: number;
}

/** What became of it. */
export interface LoadResult {
  readonly times: readonly number[];
  readonly greedy: number;
  readonly most: number;
  readonly cpuMicroseconds: number;
}

const processes = 3;
const startMs = 30_000;

/** Connects all tenants and answers the connections, steady ones tenant by tenant. */
async function connectAll(
  load: Load,
  settings: Pick<LoadSettings, 'origin' | 'quota' | 'key' | 'database'>,
): Promise<Pick<LoadSettings, 'steady' | 'greedy'>> {
  const pool = new pg.Pool({ connectionString: settings.database });
  await migrate({ pool });
  const hub = sustainedHub(settings, pool);
  const connect = async (tenant: string, name: string): Promise<Target> => {
    const token = `token-of-${tenant}-${name}-0123456789`;
    const { id } = await hub.tenant(tenant).connections.put(name, { connector: 'things', credential: { type: 'bearer', token } });
    return { tenant, id, token };
  };
  try {
    await hub.ready();
    const steady: Target[] = [];
    for (let number = 0; number < load.steady; number += 1)
      for (let tenant = 0; tenant < load.tenants; tenant += 1) steady.push(await connect(`steady-${tenant}`, `main-${number}`));
    const greedy: Target[] = [];
    for (let number = 0; number < load.greedy; number += 1) greedy.push(await connect('greedy', `main-${number}`));
    return { steady, greedy };
  } finally {
    await hub.stop();
    await pool.end();
  }
}

/** Runs the load once over three processes. Throws where a steady request has no good answer, or our part has sent more than the quota. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const database = await openSampleDatabase(load.server);
  const service = startChild({
    name: 'service',
    module: new URL('service.ts', import.meta.url),
    argument: { ...load.quota, tells: load.tells },
  });
  const children: ReturnType<typeof startChild>[] = [];
  try {
    const { origin } = await service.hear(serviceReady, startMs);
    const common = { origin, database: database.url, key: randomBytes(32).toString('base64'), quota: load.quota };
    const targets = await connectAll(load, common);
    for (let number = 0; number < processes; number += 1) {
      // Each begins at another connection, so that the requests of one connection come from all of them.
      const shift = Math.floor((number * targets.steady.length) / processes);
      const steady = [...targets.steady.slice(shift), ...targets.steady.slice(0, shift)];
      const argument: LoadSettings = { ...load, ...common, ...targets, steady, rate: load.rate / processes };
      children.push(startChild({ name: `host ${number + 1}`, module: new URL('load-process.ts', import.meta.url), argument }));
    }
    for (const child of children) await child.hear(loadReady, startMs);
    for (const child of children) child.tell({ type: 'begin' });
    const done = await Promise.all(children.map((child) => child.hear(loadDone, load.milliseconds * 3 + startMs)));
    service.tell({ type: 'count' });
    const { exceeded, most } = await service.hear(serviceCount, startMs);
    const failed = JSON.stringify(done.map((one) => one.failed));
    if (done.some((one) => Object.keys(one.failed).length > 0)) throw new Error(`Steady requests had no good answer: ${failed}.`);
    if (load.client === 'patchbay' && exceeded > 0) throw new Error(`${exceeded} requests were beyond the quota.`);
    return {
      times: done.flatMap(({ times }) => times),
      greedy: done.reduce((sum, one) => sum + one.greedy, 0),
      most,
      cpuMicroseconds: done.reduce((sum, one) => sum + one.cpuMicroseconds, 0),
    };
  } finally {
    await Promise.all([...children, service].map((child) => child.stop()));
    await database.close();
  }
}

/** The p95 of the steady requests. */
export async function sampleLoad(load: Load): Promise<Sample> {
  const { times, greedy, most, cpuMicroseconds } = await runLoad(load);
  const expected = Math.floor((load.rate / processes) * (load.milliseconds / 1_000)) * processes;
  if (times.length !== expected) throw new Error(`${times.length} of ${expected} requests were answered.`);
  const notes = {
    'p50 ms': percentile(times, 0.5),
    'p99 ms': percentile(times, 0.99),
    'requests/s': (times.length / load.milliseconds) * 1_000,
    'greedy/s': (greedy / load.milliseconds) * 1_000,
    'most in a window': most,
  };
  return { value: percentile(times, 0.95), cpuMicroseconds: cpuMicroseconds / (times.length + greedy), notes };
}
