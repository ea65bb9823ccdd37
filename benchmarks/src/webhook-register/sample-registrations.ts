import { type FakeGithub, fakeGithub } from '@patchbay/testing';
import pg from 'pg';
import type { Sample } from '../benchmark.ts';
import { percentile } from '../percentile.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';
import type { Registrar, RegistrarSettings } from './registrar.ts';
import { timeOfService } from './time-of-service.ts';

/** How many registrations one registrar makes. */
export interface RegistrationLoad {
  readonly warmUp: number;
  readonly timed: number;
}

interface Sampling extends RegistrationLoad {
  /** `null`: in memory. */
  readonly server: PostgresServer | null;
  readonly open: (settings: RegistrarSettings) => Promise<Registrar>;
}

const repositoryOf = (number: number): string => `acme/service-${number}`;

/** Throws unless each repository has exactly one webhook, that delivers what was asked for, and all their URLs differ. */
export function assertEachOnce(github: Pick<FakeGithub, 'hooks'>, count: number): void {
  const hooks = Array.from({ length: count }, (_, number) => github.hooks(repositoryOf(number)));
  for (const [number, at] of hooks.entries()) if (at.length !== 1) throw new Error(`${repositoryOf(number)} has ${at.length} webhooks.`);
  const all = hooks.flat();
  if (!all.every(({ active, events }) => active && events.join() === 'issues')) throw new Error('A webhook does not deliver issues.');
  const secrets = new Set(all.map(({ config }) => config['secret']));
  const urls = new Set(all.map(({ config }) => config['url']));
  if (secrets.size !== count || urls.size !== count) throw new Error('Two webhooks have the same URL or the same secret.');
}

async function registerAll(registrar: Registrar, { warmUp, timed }: RegistrationLoad): Promise<Sample> {
  for (let number = 0; number < warmUp; number += 1) await registrar.register(repositoryOf(number));
  const service = timeOfService();
  const took: number[] = [];
  const cpu = process.cpuUsage();
  try {
    for (let number = warmUp; number < warmUp + timed; number += 1) {
      const begun = performance.now();
      await registrar.register(repositoryOf(number));
      took.push(performance.now() - begun);
    }
  } finally {
    service.stop();
  }
  const { user, system } = process.cpuUsage(cpu);
  const notes = {
    'p50 ms': percentile(took, 0.5),
    'p95 ms': percentile(took, 0.95),
    'the service p50 ms': percentile(service.ms, 0.5),
    'the service p95 ms': percentile(service.ms, 0.95),
    'requests for one': service.ms.length / timed,
  };
  return { value: percentile(took, 0.95), cpuMicroseconds: (user + system) / timed, notes };
}

/** Registers webhooks one after another, in a database of its own or in memory. Throws unless each stands at the service exactly once. */
export async function sampleRegistrations({ server, open, ...load }: Sampling): Promise<Sample> {
  const token = 'a-token-of-the-benchmark';
  const database = await server?.newDatabase();
  const pool = database === undefined ? null : new pg.Pool({ connectionString: database, max: 8 });
  const github = await fakeGithub({ token });
  try {
    const registrar = await open({ pool, origin: github.origin, token });
    const sample = await registerAll(registrar, load).finally(() => registrar.close());
    assertEachOnce(github, load.warmUp + load.timed);
    return sample;
  } finally {
    await github.close();
    await pool?.end();
    if (database !== undefined) await server?.dropDatabase(database);
  }
}
