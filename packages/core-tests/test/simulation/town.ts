import { memoryStorage } from '@patchbay/storage-memory';
import { automations } from './automations.ts';
import { figures, tenant } from './figures.ts';
import { type LedgerWatch, watchLedger } from './ledger-watch.ts';
import { type SimulatedHub, simulatedHub } from './simulated-hub.ts';
import { type SimulatedProcess, simulatedProcess } from './simulated-process.ts';
import { type SimulatedProvider, simulatedProvider } from './simulated-provider.ts';
import { type VirtualWorld, virtualWorld } from './virtual-world.ts';
import { calm, type Weather } from './weather.ts';

/** A process with its hub. `turns`: it is no worker, but works in bounded turns, as a function does that is called by a timer. */
export interface Inhabitant {
  readonly process: SimulatedProcess;
  readonly hub: SimulatedHub;
  readonly turns: boolean;
  /** When it was asked to stop, and when it had. */
  stopping: number | null;
  stopped: number | null;
}

/** A world with a storage, a provider and the processes that live in it. */
export interface Town {
  readonly world: VirtualWorld;
  readonly ledger: LedgerWatch;
  readonly provider: SimulatedProvider;
  /** What it suffers until it heals. */
  weather: Weather;
  /** Every process that there ever was. */
  readonly everybody: readonly Inhabitant[];
  /** Those that can be called now. */
  serving(): readonly Inhabitant[];
  /** Starts another process. */
  settle(weather: Weather, options?: { readonly turns?: boolean }): Inhabitant;
  /** Asks a process to stop gracefully. */
  retire(inhabitant: Inhabitant): void;
}

/** Milliseconds between two turns of a process that works in turns. */
const turnEvery = 3_000;

/** Founds a town: connection and automations are there, and nobody yet. */
export async function foundTown(seed: number): Promise<Town> {
  const world = virtualWorld(seed);
  const clock = {
    now: world.now,
    monotonic: world.now,
    setTimer: (run: () => void, ms: number) => world.after(ms, run),
    nextTurn: (run: () => void) => void world.after(0, run),
  };
  const ledger = watchLedger(memoryStorage({ clock }), world);
  const provider = simulatedProvider(world, calm.moods);
  const everybody: Inhabitant[] = [];
  const town: Town = {
    world,
    ledger,
    provider,
    weather: calm,
    everybody,
    serving: () => everybody.filter(({ process, stopping }) => process.alive && stopping === null),
    settle(weather, { turns = false } = {}) {
      const process = simulatedProcess(world, `p${everybody.length + 1}`, weather);
      const inhabitant: Inhabitant = {
        process,
        hub: simulatedHub(process, town, { subscribes: !world.random.chance(weather.withoutSubscriber) }),
        turns,
        stopping: null,
        stopped: null,
      };
      everybody.push(inhabitant);
      world.log(`${process.name} is born${turns ? ', works in turns' : ''}`);
      void (turns ? takeTurns(town, inhabitant) : startUp(inhabitant));
      return inhabitant;
    },
    retire(inhabitant) {
      const { process, hub } = inhabitant;
      inhabitant.stopping = world.now();
      world.log(`${process.name} is asked to stop`);
      void hub.stop().then(
        () => {
          inhabitant.stopped = world.now();
          world.log(`${process.name} has stopped`);
        },
        (error: unknown) => world.blame(`${process.name} could not stop: ${String(error)}`),
      );
    },
  };
  await furnish(town);
  return town;
}

async function furnish(town: Town): Promise<void> {
  const { world } = town;
  const { hub, process } = town.settle(calm);
  const acme = hub.tenant(tenant);
  let ready = false;
  const furnishing = (async () => {
    await acme.connections.put('main', { connector: 'service', credential: { type: 'none' } });
    for (const [name, [definition]] of Object.entries(automations)) await acme.automations.put(name, definition);
    ready = true;
  })();
  furnishing.catch((error: unknown) => world.blame(`the town could not be furnished: ${String(error)}`));
  await world.run({ until: world.now() + 10_000, done: () => ready });
  process.kill('when all is furnished');
}

async function startUp({ process, hub }: Inhabitant): Promise<void> {
  for (;;) {
    try {
      return await hub.start();
    } catch (error) {
      process.world.log(`${process.name} cannot start: ${String(error)}`);
      await process.world.pause(500, process);
    }
  }
}

async function takeTurns(town: Town, inhabitant: Inhabitant): Promise<void> {
  const { process, hub } = inhabitant;
  const { world } = process;
  while (inhabitant.stopping === null) {
    const since = world.now();
    const { executed } = await hub.work({ deadline: turnEvery }).catch(() => ({ executed: 0 }));
    const took = world.now() - since;
    if (executed > 0) world.log(`${process.name} executed ${executed} in a turn of ${took} ms`);
    const slow = town.weather.slowCall > 0 || town.weather.verySlowCall > 0 || process.excuses.has('stalled');
    if (!slow && took > turnEvery * 1.1 + 100) world.blame(`${process.name} took ${took} ms for a turn of ${turnEvery} ms`);
    await world.pause(figures.pollMs, process);
  }
}
