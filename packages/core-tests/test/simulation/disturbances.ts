import { automations } from './automations.ts';
import { figures, tenant } from './figures.ts';
import type { Town } from './town.ts';
import type { Weather } from './weather.ts';

/** How long a history lasts before everything heals, milliseconds. */
export const chaosMs = 60_000;

/** Sets what the weather does to processes, configuration and gates, and what operators do, at random times. */
export function disturb(town: Town, weather: Weather): void {
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
  sometimes(weather.configurationChanges, () => void attempt(town, 'a change of configuration', () => changeConfiguration(town)));
  sometimes(weather.operations, () => void attempt(town, 'an operation', () => operate(town)));
  sometimes(weather.gateChanges, () => void changeGate(town));
}

function anyProcess(town: Town) {
  const serving = town.serving();
  return serving.length === 0 ? undefined : town.world.random.pick(serving);
}

async function attempt(town: Town, what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    town.world.log(`${what} fails: ${String(error)}`);
  }
}

async function changeConfiguration(town: Town): Promise<void> {
  const { random } = town.world;
  const hub = anyProcess(town)?.hub;
  if (!hub) return;
  const api = hub.tenant(tenant).automations;
  const [name, versions] = random.pick(Object.entries(automations));
  const what = random.pick(['put', 'put', 'disable', 'enable'] as const);
  await (what === 'put' ? api.put(name, random.pick(versions)) : api[what](name));
  town.world.log(`operator: ${what} ${name}`);
}

async function operate(town: Town): Promise<void> {
  const { random } = town.world;
  const hub = anyProcess(town)?.hub;
  if (!hub) return;
  const { dispatches, runs, events } = hub.tenant(tenant);
  const verb = random.pick(['retry', 'retry', 'resolve', 'resolve', 'cancel', 'cancel run', 'replay event', 'replay run'] as const);
  const status = { retry: random.pick(['dead', 'held', 'cancelled'] as const), resolve: 'held', cancel: random.pick(['pending', 'held'] as const) } as const;
  if (verb === 'retry' || verb === 'resolve' || verb === 'cancel') {
    const { items } = await dispatches.list({ status: status[verb] });
    if (items.length === 0) return;
    const { id, path } = random.pick(items);
    town.world.log(`operator: ${verb} ${path}`);
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
  town.world.log(`operator: ${verb}`);
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
