import { PatchbayError } from '@patchbay/core';
import { figures } from './figures.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** What happens to nobody: the process is dead. */
const never = <Result>(): Promise<Result> => new Promise(() => undefined);

/**
 * A call out of a process, with a crash point on either side: the process can die before it is made and before its answer is heard, the
 * call can fail without having happened, and it can happen while its answer is lost. Once made it is under way, whatever becomes of
 * the caller.
 */
export async function passage<Result>(process: SimulatedProcess, name: string, call: () => Promise<Result>): Promise<Result> {
  const { world, weather } = process;
  const { random } = world;
  if (!process.alive) return never();
  if (random.chance(weather.death)) {
    process.kill(`before ${name}`);
    return never();
  }
  const dies = random.chance(weather.death);
  const refused = random.chance(weather.refusedCall);
  const lost = random.chance(weather.lostAnswer);
  const there = travelTime(process);
  const back = travelTime(process);
  if (there > 0) await world.pause(there);
  if (refused) {
    world.log(`${process.name} ${name} is refused`);
    noteCut(process, name);
    if (there > 0) await world.pause(0, process);
    throw failure(random.chance(0.5));
  }
  const result = await call();
  if (dies) {
    process.kill(`after ${name}`);
    return never();
  }
  if (back > 0) await world.pause(back, process);
  else if (there > 0) await world.pause(0, process);
  if (!process.alive) return never();
  if (!lost) return result;
  world.log(`${process.name} ${name} happens, and its answer is lost`);
  noteCut(process, name);
  throw failure(random.chance(0.5));
}

function travelTime(process: SimulatedProcess): number {
  const { random } = process.world;
  const { slowCall, verySlowCall } = process.weather;
  if (random.chance(verySlowCall)) {
    process.excuses.add('cut off');
    return random.between(30, 2 * figures.leaseMs);
  }
  return random.chance(slowCall) ? random.between(1, 30) : 0;
}

/** A process that cannot extend its leases, or give them back, may lose them without being at fault. */
function noteCut(process: SimulatedProcess, name: string): void {
  if (name === 'extend' || name === 'defer') process.excuses.add('cut off');
}

function failure(known: boolean): Error {
  if (!known) return new Error('read ECONNRESET');
  return new PatchbayError({ code: 'storage_unavailable', message: 'The store cannot be reached. Repeat the call.', retryable: true });
}
