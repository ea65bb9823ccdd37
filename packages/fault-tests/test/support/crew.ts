import type { SeededRandom } from '../../../core-tests/test/simulation/seeded-random.ts';
import { type Program, startWorker, type WorkerProcess } from './start-worker.ts';
import { waitUntil } from './wait-until.ts';
import type { WorkerSettings } from './worker-settings.ts';

/** A worker that was killed, and when, on this process's monotonic clock. */
export interface Killing {
  readonly worker: WorkerProcess;
  readonly at: number;
}

/** The workers of one experiment, dead and alive. */
export interface Crew {
  /** All that there ever were. */
  readonly all: readonly WorkerProcess[];
  readonly killings: readonly Killing[];
  /** Those that are ready and not about to end. */
  serving(): readonly WorkerProcess[];
  /** Starts another one. */
  hire(options?: Partial<WorkerSettings>, program?: Program): WorkerProcess;
  /** Resolves when everybody who lives is ready. */
  ready(): Promise<void>;
  /** Kills one. */
  kill(worker: WorkerProcess): void;
  /** Kills one at random and starts another in its place. */
  replaceOne(random: SeededRandom): void;
  /** Who ended without having been asked to, and with what last words. */
  deaths(): readonly string[];
  /** Ends all. */
  close(): Promise<void>;
}

/** Makes a crew whose members differ by their names. */
export function createCrew(common: Omit<WorkerSettings, 'name'>): Crew {
  const all: WorkerProcess[] = [];
  const killings: Killing[] = [];
  const serving = (): readonly WorkerProcess[] =>
    all.filter((worker) => worker.port() !== undefined && !worker.isCondemned() && !worker.end());
  const deaths = (): readonly string[] =>
    all.flatMap((worker) => {
      const end = worker.end();
      return end === undefined || worker.isCondemned()
        ? []
        : [`${worker.name} ended by itself (${end.code ?? end.signal}): ${worker.complaints()}`];
    });
  const hire: Crew['hire'] = (options = {}, program) => {
    const worker = startWorker({ ...common, name: `w${all.length + 1}`, ...options }, program);
    all.push(worker);
    return worker;
  };
  const kill = (worker: WorkerProcess): void => {
    killings.push({ worker, at: performance.now() });
    void worker.kill();
  };
  return {
    all,
    killings,
    kill,
    serving,
    hire,
    deaths,
    async ready() {
      const late = (): readonly WorkerProcess[] => all.filter((worker) => !worker.isCondemned() && worker.port() === undefined);
      try {
        await waitUntil({ what: 'every worker is ready', withinMs: 60_000 }, () => {
          const [death] = deaths();
          if (death !== undefined) throw new Error(death);
          return late().length === 0;
        });
      } catch (error) {
        throw new Error(
          late()
            .map(({ name, complaints }) => `${name} is not ready: ${complaints()}`)
            .join('\n'),
          { cause: error },
        );
      }
    },
    replaceOne(random) {
      const alive = serving();
      if (alive.length === 0) return;
      kill(random.pick(alive));
      hire();
    },
    async close() {
      for (const worker of all) worker.process.kill('SIGCONT');
      await Promise.all(all.map((worker) => worker.kill()));
    },
  };
}
