import { automations } from './automations.ts';
import { figures, tenant } from './figures.ts';
import type { Acknowledged } from './senders.ts';
import type { SimulatedHub } from './simulated-hub.ts';
import type { Inhabitant, Town } from './town.ts';
import type { VirtualWorld } from './virtual-world.ts';
import type { Weather } from './weather.ts';

/** How long a history lasts before everything heals, milliseconds. */
export const chaosMs = 60_000;

/** Sets what the weather does to processes, configuration and gates, and what operators do, at random times. */
export function disturb(town: Town, weather: Weather, acknowledged: Acknowledged): void {
  const { world } = town;
  const { random } = world;
  const sometimes = (times: number, what: () => void): void => {
    for (let time = 0; time < times; time += 1) world.after(random.between(0, chaosMs), what);
  };
  sometimes(weather.kills, () => anyProcess(town)?.process.kill('by a signal'));
  sometimes(weather.stalls, () => anyProcess(town)?.process.stall(random.between(figures.leaseMs / 2, 3 * figures.leaseMs)));
  sometimes(weather.clockJumps, () => anyProcess(town)?.process.jump(random.between(-3_600_000, 3_600_000)));
  sometimes(weather.gracefulStops, () => {
    const inhabitant = anyProcess(town);
    if (inhabitant) town.retire(inhabitant);
  });
  const ask = async (what: string, act: (to: Inhabitant) => Promise<unknown>): Promise<void> => {
    const to = anyProcess(town);
    if (!to) return;
    acknowledged.busy += 1;
    const result = Promise.race([act(to), death(to)]);
    await result.catch((error: unknown) => world.log(`${what} fails: ${String(error)}`));
    acknowledged.busy -= 1;
  };
  sometimes(weather.configurationChanges, () => void ask('a change of configuration', ({ hub }) => changeConfiguration(world, hub)));
  sometimes(weather.operations, () => void ask('an operation', ({ hub }) => operate(world, hub)));
  sometimes(weather.gateChanges, () => void changeGate(town));
}

function anyProcess(town: Town): Inhabitant | undefined {
  const serving = town.serving();
  return serving.length === 0 ? undefined : town.world.random.pick(serving);
}

/** Whoever asked a process that dies hears no more of it. */
async function death({ process }: Inhabitant): Promise<void> {
  while (process.alive) await process.world.pause(1_000);
}

async function changeConfiguration(world: VirtualWorld, hub: SimulatedHub): Promise<void> {
  const { random } = world;
  const api = hub.tenant(tenant).automations;
  const [name, versions] = random.pick(Object.entries(automations));
  const what = random.pick(['put', 'put', 'disable', 'enable'] as const);
  await (what === 'put' ? api.put(name, random.pick(versions)) : api[what](name));
  world.log(`operator: ${what} ${name}`);
}

async function operate(world: VirtualWorld, hub: SimulatedHub): Promise<void> {
  const { random } = world;
  const { dispatches, runs, events } = hub.tenant(tenant);
  const verb = random.pick(['retry', 'retry', 'resolve', 'resolve', 'cancel', 'cancel run', 'replay event', 'replay run'] as const);
  const status = {
    retry: random.pick(['dead', 'held', 'cancelled'] as const),
    resolve: 'held',
    cancel: random.pick(['pending', 'held'] as const),
  } as const;
  if (verb === 'retry' || verb === 'resolve' || verb === 'cancel') {
    const { items } = await dispatches.list({ status: status[verb] });
    if (items.length === 0) return;
    const { id, path } = random.pick(items);
    world.log(`operator: ${verb} ${path}`);
    const as = random.pick(['succeeded', 'failed', 'retry'] as const);
    const resolution = as === 'succeeded' ? { as, output: { id: 'by a person' } } : { as };
    await (verb === 'resolve' ? dispatches.resolve(id, resolution) : dispatches[verb](id));
    return;
  }
  if (verb === 'replay event') {
    const { items } = await events.list();
    if (items.length > 0) await events.replay(random.pick(items).event.id, { all: random.chance(0.3) });
    return;
  }
  const { items } = await runs.list(verb === 'cancel run' ? { status: 'running' } : {});
  if (items.length === 0) return;
  const { id } = random.pick(items);
  world.log(`operator: ${verb}`);
  await (verb === 'cancel run' ? runs.cancel(id) : runs.replay(id));
}

async function changeGate(town: Town): Promise<void> {
  const { ledger, world } = town;
  const { random } = world;
  const { rows } = await ledger.storage.configuration.list(tenant, 'connection', { cursor: null, limit: 1 });
  const lane = random.pick([`connection:${rows[0]?.id}`, 'subscriber:index']);
  if (random.chance(0.3)) await ledger.storage.gates.open([{ tenant, lane, reason: 'paused' }]);
  else await ledger.storage.gates.close([{ tenant, lane, reason: 'paused', forMs: random.pick([null, random.between(500, 20_000)]) }]);
  world.log(`the gate of ${lane} changes`);
}
