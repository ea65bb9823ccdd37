import { checkEffects } from './check-effects.ts';
import { checkLedger } from './check-ledger.ts';
import { checkPlans } from './check-plans.ts';
import { chaosMs, disturb } from './disturbances.ts';
import { figures, tenant } from './figures.ts';
import { type LedgerContents, readLedger } from './read-ledger.ts';
import { type Acknowledged, nothingAcknowledged, sendCall, sendOrder } from './senders.ts';
import { foundTown, type Town } from './town.ts';
import { calm, drawWeather, type Weather } from './weather.ts';

/** What a history showed. */
export interface History {
  readonly seed: number;
  /** What the store holds in the end. */
  readonly ledger: LedgerContents;
  readonly trace: readonly string[];
  /** Broken promises; none in a good one. */
  readonly faults: readonly string[];
}

/** Virtual milliseconds after which a healed world must be at rest. */
const restWithinMs = 900_000;

/** Lives through one history: a minute of trouble, then everything heals, is drained, stopped and checked. */
export async function simulate(seed: number, given?: Weather): Promise<History> {
  const town = await foundTown(seed);
  const { world } = town;
  const weather = given ?? drawWeather(world.random);
  town.weather = weather;
  world.log(`weather ${JSON.stringify(weather)}`);
  const acknowledged = nothingAcknowledged();
  await sufferThrough(town, weather, acknowledged);
  await heal(town, acknowledged);
  await stopAll(town);
  const ledger = await readLedger(town.ledger.storage);
  checkPlans(town, acknowledged, ledger);
  checkLedger(town, ledger);
  checkEffects(town, ledger);
  return { seed, ledger, trace: world.trace, faults: world.faults };
}

async function sufferThrough(town: Town, weather: Weather, acknowledged: Acknowledged): Promise<void> {
  const { world, provider } = town;
  const { random } = world;
  provider.moods = weather.moods;
  const startOne = (): void => {
    const inhabitant = town.settle(weather, { turns: random.chance(0.2) });
    checkStops(town, inhabitant.process.name);
  };
  for (let count = 0; count < weather.processes; count += 1) startOne();
  const end = world.now() + chaosMs;
  const replace = (): void => {
    if (world.now() >= end) return;
    if (town.serving().length < weather.processes && random.chance(0.5)) startOne();
    world.after(1_000, replace);
  };
  world.after(1_000, replace);
  for (let number = 1; number <= weather.events; number += 1)
    world.after(random.between(0, chaosMs * 0.6), () => sendOrder(town, acknowledged, number));
  for (let number = 1; number <= weather.calls; number += 1)
    world.after(random.between(0, chaosMs * 0.6), () => sendCall(town, acknowledged, number));
  disturb(town, weather, acknowledged);
  await world.run({ until: end });
}

/** A graceful stop ends in time, leaves no timer behind, and keeps no lease where the store could be told. */
function checkStops(town: Town, name: string): void {
  const { world } = town;
  const inhabitant = town.everybody.find(({ process }) => process.name === name);
  if (!inhabitant) return;
  const { process } = inhabitant;
  const look = async (): Promise<void> => {
    if (!process.alive) return;
    const { stopping, stopped } = inhabitant;
    const cut = process.excuses.size > 0 || process.weather.refusedCall > 0 || process.weather.lostAnswer > 0;
    if (stopping !== null && stopped === null && !cut && world.now() - stopping > figures.graceMs + figures.leaseMs + 2_000) {
      return world.blame(`${name} does not stop`);
    }
    if (stopped === null) return void world.after(500, () => void look());
    if (process.timers > 0) world.blame(`${name} has stopped and left ${process.timers} timers`);
    const { items } = await town.ledger.storage.history.dispatches(tenant, { status: 'leased' }, { cursor: null, limit: 500 });
    const kept = items.filter(({ holder }) => holder === process.holder);
    if (kept.length > 0 && !cut) world.blame(`${name} has stopped and kept ${kept.length} leases`);
  };
  world.after(500, () => void look());
}

async function heal(town: Town, acknowledged: Acknowledged): Promise<void> {
  const { world, provider, ledger } = town;
  world.log('everything heals');
  provider.moods = calm.moods;
  for (const { process } of town.everybody) process.weather = calm;
  town.settle(calm);
  const gates = await ledger.storage.gates.list(tenant);
  await ledger.storage.gates.open(gates);
  let atRest = false;
  const handlers = ['action:service@1', 'subscriber:index'];
  const look = async (): Promise<void> => {
    const due = await ledger.storage.nextDue({ handlers });
    const isAwake = town.everybody.every(({ process }) => !process.alive || process.stalledUntil + 1_000 < world.now());
    atRest = due === null && isAwake && ledger.marked.size === 0 && acknowledged.busy === 0;
    if (!atRest) world.after(1_000, () => void look());
  };
  world.after(1_000, () => void look());
  await world.run({ until: world.now() + restWithinMs, done: () => atRest });
  world.log(atRest ? 'all is at rest' : 'there is no rest');
}

async function stopAll(town: Town): Promise<void> {
  const { world } = town;
  const serving = town.serving();
  for (const inhabitant of serving) town.retire(inhabitant);
  const open = (): boolean => serving.some(({ process, stopped }) => process.alive && stopped === null);
  await world.run({ until: world.now() + 60_000, done: () => !open() });
  for (const { process, stopped } of serving) {
    if (process.alive && stopped === null) world.blame(`${process.name} never stopped`);
    if (process.alive && process.timers > 0) world.blame(`${process.name} has stopped at the end and left ${process.timers} timers`);
  }
}
