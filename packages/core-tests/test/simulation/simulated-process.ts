import type { Clock } from '@patchbay/core/adapter';
import type { Appointment, Owner, VirtualWorld } from './virtual-world.ts';
import type { Weather } from './weather.ts';

/** One process of the host: it lives, may stall, and dies. Nothing of it is left but what it has sent and stored. */
export interface SimulatedProcess extends Owner {
  readonly name: string;
  readonly world: VirtualWorld;
  readonly clock: Clock;
  /** Its calls to store and queue may fail as the weather says. */
  weather: Weather;
  /** The name under which it takes leases, once it has asked for one. */
  holder: string | null;
  /** What has happened to it that lets a lease of it run out: `died`, `stalled`, `stopped`, `cut off`. */
  readonly excuses: Set<string>;
  /** Timers that are set. */
  readonly timers: number;
  kill(why: string): void;
  stall(forMs: number): void;
  /** Moves its wall clock; the monotonic one stays. */
  jump(byMs: number): void;
}

/** Starts a process. Its monotonic clock runs up to 3 % fast or slow, its wall clock is up to a minute off. */
export function simulatedProcess(world: VirtualWorld, name: string, weather: Weather): SimulatedProcess {
  const { random } = world;
  const bornAt = world.now();
  const rate = 0.97 + random.next() * 0.06;
  const excuses = new Set<string>();
  const timers = new Set<Appointment>();
  let wallOffset = random.between(-60_000, 60_000);
  let alive = true;
  let stalledUntil = 0;

  const process: SimulatedProcess = {
    name,
    world,
    weather,
    holder: null,
    excuses,
    get alive() {
      return alive;
    },
    get stalledUntil() {
      return stalledUntil;
    },
    get timers() {
      return timers.size;
    },
    clock: {
      now: () => world.now() + wallOffset,
      monotonic: () => (world.now() - bornAt) * rate,
      setTimer(callback, delayMs) {
        const timer: Appointment = world.after(
          delayMs / rate,
          () => {
            timers.delete(timer);
            callback();
          },
          process,
        );
        timers.add(timer);
        return {
          cancel() {
            timers.delete(timer);
            timer.cancel();
          },
        };
      },
      nextTurn: (callback) => {
        world.after(0, callback, process);
      },
    },
    kill(why) {
      if (!alive) return;
      alive = false;
      excuses.add('died');
      world.log(`${name} dies ${why}`);
    },
    stall(forMs) {
      stalledUntil = world.now() + forMs;
      excuses.add('stalled');
      world.log(`${name} stalls for ${forMs} ms`);
    },
    jump(byMs) {
      wallOffset += byMs;
      world.log(`${name}'s wall clock jumps by ${byMs} ms`);
    },
  };
  return process;
}
