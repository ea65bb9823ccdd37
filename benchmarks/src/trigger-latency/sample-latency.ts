import type { Sample } from '../benchmark.ts';
import { percentile } from '../percentile.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';
import { type Child, startChild } from '../start-child.ts';
import { effectDelays } from './effect-delays.ts';
import { type LatencyOrder, type LatencySettings, latencyReady, latencyStarted, latencyTriggered } from './messages.ts';

/** How many are triggered, at which pace. */
export interface LatencyLoad {
  /** Triggers whose delay is not looked at; that their effects came, once each, is. */
  readonly warmUp: number;
  readonly timed: number;
  readonly perSecond: number;
}

/** What one run measures. */
export interface LatencySettingsOfSample {
  readonly server: PostgresServer;
  readonly name: string;
  /** The module that the contestant's processes run. */
  readonly module: URL;
  /** Whether a second process works off what the first one triggers. */
  readonly isApart: boolean;
  readonly load: LatencyLoad;
}

const startMs = 30_000;

const order = (child: Child, given: LatencyOrder): void => child.tell(given);

async function startPart(name: string, module: URL, argument: LatencySettings): Promise<Child> {
  const child = startChild({ name: `${name} (${argument.part})`, module, argument });
  try {
    await child.hear(latencyReady, startMs);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** Measures how long effects take to start after their triggers. Throws where one is missing or came twice. */
export async function sampleLatency({ server, name, module, isApart, load }: LatencySettingsOfSample): Promise<Sample> {
  const databaseUrl = await server.newDatabase();
  const children: Child[] = [];
  try {
    const triggering = await startPart(name, module, { databaseUrl, part: isApart ? 'trigger' : 'both' });
    children.push(triggering);
    const working = isApart ? await startPart(name, module, { databaseUrl, part: 'work' }) : triggering;
    if (isApart) children.push(working);
    const { warmUp, timed, perSecond } = load;
    order(triggering, { type: 'trigger', first: 0, count: warmUp + timed, perSecond });
    const { triggers } = await triggering.hear(latencyTriggered, ((warmUp + timed) * 1_000) / perSecond + startMs);
    order(working, { type: 'tell', count: triggers.length });
    const { starts } = await working.hear(latencyStarted, startMs);
    const delays = effectDelays(triggers, starts).slice(warmUp);
    const ofDelay = (share: number): number =>
      percentile(
        delays.map(({ delay }) => delay),
        share,
      );
    const wholes = delays.map(({ whole }) => whole);
    return {
      value: ofDelay(0.95),
      cpuMicroseconds: null,
      notes: {
        'p50 ms': ofDelay(0.5),
        'p95 ms': ofDelay(0.95),
        'p99 ms': ofDelay(0.99),
        'p95 ms with the commit': percentile(wholes, 0.95),
        '% before the caller knew': (100 * delays.filter(({ isEarly }) => isEarly).length) / delays.length,
      },
    };
  } finally {
    for (const child of children) await child.stop();
    await server.dropDatabase(databaseUrl);
  }
}
