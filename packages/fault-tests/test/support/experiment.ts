import { type Crew, createCrew } from './crew.ts';
import { createSender, type Sender } from './deliveries.ts';
import { type EffectsProvider, startProvider } from './effects-provider.ts';
import { createFaultSchema, type FaultSchema } from './fault-schema.ts';
import { furnishHub, type HubStage } from './hub-stage.ts';
import { patienceMs } from './sizes.ts';
import { waitUntil } from './wait-until.ts';
import type { WorkerSettings, WorkerStore } from './worker-settings.ts';

/** Milliseconds after the end of its lease from which a dispatch that nobody has taken over is stuck. */
export const stuckAfterMs = 10_000;

/** A store, a provider, and workers that come and go. */
export interface Experiment {
  readonly database: FaultSchema;
  readonly provider: EffectsProvider;
  readonly stage: HubStage;
  readonly crew: Crew;
  /** Starts so many workers, and waits until they are ready. */
  hire(count: number): Promise<void>;
  /** Makes a sender that picks among the workers that are there. */
  sender(pick: (ports: readonly number[]) => number): Sender;
  /** Resolves when everything in the store has ended. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

/** What an experiment is made of. */
export interface ExperimentOptions {
  /** Address of the server, for the test. */
  readonly url: string;
  /** The same for the workers, where they take another way to it. @default url */
  readonly workersUrl?: string;
  readonly figures: WorkerSettings['figures'];
  readonly connectors?: readonly string[];
  readonly poolSize?: number;
  readonly maximumCrashes?: number;
  readonly answerMs?: number;
  readonly writesLateMs?: number;
}

/** Makes an experiment on PostgreSQL. What it has started is ended where it cannot be made. */
export async function postgresExperiment(options: ExperimentOptions): Promise<Experiment> {
  const {
    url,
    workersUrl = url,
    figures,
    connectors = ['effects'],
    poolSize = 5,
    maximumCrashes = 1_000,
    answerMs,
    writesLateMs,
  } = options;
  const database = await createFaultSchema(url);
  const provider = await startProvider();
  const stage = await furnishHub(database.storage, connectors);
  const { schema } = database;
  const store: WorkerStore = { kind: 'postgres', url: workersUrl, schema, poolSize, ...(answerMs === undefined ? {} : { answerMs }) };
  const late = writesLateMs === undefined ? {} : { writesLateMs };
  const crew = createCrew({ store, provider: provider.origin, connectors, figures, maximumCrashes, clockOffMs: 0, ...late });
  const senders: Sender[] = [];
  return {
    database,
    provider,
    stage,
    crew,
    async hire(count) {
      for (let hired = 0; hired < count; hired += 1) crew.hire();
      await crew.ready();
    },
    sender(pick) {
      const ports = (): readonly number[] => crew.serving().flatMap((worker) => worker.port() ?? []);
      const sender = createSender({ path: stage.path, ports, pick });
      senders.push(sender);
      return sender;
    },
    ended: () =>
      waitUntil({ what: 'every run and dispatch has ended', withinMs: patienceMs / 2 }, async () => {
        const [death] = crew.deaths();
        if (death !== undefined) throw new Error(death);
        return (await database.open()) === 0;
      }),
    async close() {
      for (const sender of senders) sender.stop();
      await crew.close();
      await stage.close();
      await provider.close();
      await database.close();
    },
  };
}
