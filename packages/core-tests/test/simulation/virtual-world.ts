import { type SeededRandom, seededRandom } from './seeded-random.ts';

/** Whoever an event happens to. What is dead misses it, what is stalled gets it later. */
export interface Owner {
  readonly alive: boolean;
  /** Virtual time until which nothing happens to it. */
  readonly stalledUntil: number;
}

/** An event that has been set and can be taken back. */
export interface Appointment {
  cancel(): void;
}

/** Virtual time, and everything that will happen in it. */
export interface VirtualWorld {
  readonly random: SeededRandom;
  /** Milliseconds since 1970, in whole numbers. */
  now(): number;
  /** Lets something happen after `delayMs`, to nobody in particular or to its owner. */
  after(delayMs: number, happen: () => void, owner?: Owner): Appointment;
  /** A promise for that time. Never settles when its owner dies first. */
  pause(delayMs: number, owner?: Owner): Promise<void>;
  /** Writes a line of the trace. */
  log(line: string): void;
  /** Writes a fault of the system under test: a broken promise. */
  blame(fault: string): void;
  readonly trace: readonly string[];
  readonly faults: readonly string[];
  /** Lets time pass until `done` says so, nothing is left, or `until` is reached. */
  run(options: { readonly until: number; readonly done?: () => boolean }): Promise<void>;
}

interface Happening {
  readonly order: number;
  readonly happen: () => void;
  readonly owner: Owner | undefined;
  at: number;
  cancelled: boolean;
}

const start = Date.UTC(2026, 0, 1);

/** Every promise that can go on has gone on when this resolves: the core waits for nothing but promises and the world. */
const promisesSettle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A world in which everything random comes from the seed, so that the same seed always makes the same history. */
export function virtualWorld(seed: number): VirtualWorld {
  const random = seededRandom(seed);
  const heap: Happening[] = [];
  const trace: string[] = [];
  const faults: string[] = [];
  let now = start;
  let order = 0;

  const after = (delayMs: number, happen: () => void, owner?: Owner): Appointment => {
    order += 1;
    const happening: Happening = { at: now + Math.max(0, Math.ceil(delayMs)), order, happen, owner, cancelled: false };
    push(heap, happening);
    return {
      cancel: () => {
        happening.cancelled = true;
      },
    };
  };

  const log = (line: string): void => {
    trace.push(`${((now - start) / 1_000).toFixed(3).padStart(9)} ${line}`);
  };

  const occur = (happening: Happening): boolean => {
    const { owner } = happening;
    if (happening.cancelled || owner?.alive === false) return false;
    if (owner && owner.stalledUntil > now) {
      happening.at = owner.stalledUntil;
      push(heap, happening);
      return false;
    }
    happening.happen();
    return true;
  };

  return {
    random,
    trace,
    faults,
    now: () => now,
    after,
    pause: (delayMs, owner) =>
      new Promise((resolve) => {
        after(delayMs, resolve, owner);
      }),
    log,
    blame(fault) {
      log(`BROKEN: ${fault}`);
      faults.push(fault);
    },
    async run({ until, done }) {
      await promisesSettle();
      for (let first = heap[0]; first !== undefined && first.at <= until; first = heap[0]) {
        pop(heap);
        now = Math.max(now, first.at);
        if (occur(first)) await promisesSettle();
        if (done?.()) return;
      }
      now = Math.max(now, until);
    },
  };
}

const earlier = (left: Happening, right: Happening): boolean => left.at < right.at || (left.at === right.at && left.order < right.order);

function push(heap: Happening[], happening: Happening): void {
  let index = heap.push(happening) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !earlier(happening, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = happening;
}

function pop(heap: Happening[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    const child = left !== undefined && right !== undefined && earlier(right, left) ? 2 * index + 2 : 2 * index + 1;
    const below = heap[child];
    if (below === undefined || !earlier(below, last)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
}
