import type { Clock, Timer } from '../clock/clock.ts';
import { dayMs, dayOf } from '../clock/day-of.ts';
import type { GenerateId } from '../id/generate-id.ts';

/** A count that is to be added. `day` is `YYYY-MM-DD` in UTC. */
export interface CountDelta {
  readonly tenant: string;
  readonly name: string;
  readonly day: string;
  readonly by: number;
}

/** Counts that are added in one go, or not at all; a repeated `id` adds nothing. */
export interface CountBatch {
  readonly id: string;
  readonly deltas: readonly CountDelta[];
}

/** What counting needs. */
export interface CountsOptions {
  readonly send: (batch: CountBatch) => Promise<void>;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly generateId: GenerateId;
  /** Under which is counted what there is no room for. */
  readonly overflow: { readonly tenant: string; readonly name: string };
  /** Names counted between two writes; beyond it they are counted together, so that a flood of made-up names fills no memory. @default 1,000 */
  readonly maximumNames?: number;
}

/** Counts by tenant, name and day. */
export interface Counts {
  add(tenant: string, name: string): void;
  /** Writes what has been counted. Never rejects. */
  flush(): Promise<void>;
}

/** Milliseconds between writes. */
export const flushEveryMs = 1_000;

/**
 * Counts in memory and sends at most once a second. A batch that could not be sent is offered again as it was, under its own id: where only the
 * answer was lost, it counts once. At most one such batch is kept beside what is being counted.
 */
export function createCounts(options: CountsOptions): Counts {
  const { clock, generateId, overflow, maximumNames = 1_000 } = options;
  let counted = new Map<string, { readonly tenant: string; readonly name: string; readonly day: string; by: number }>();
  let unsent: CountBatch | undefined;
  let timer: Timer | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const sendUnsent = async (): Promise<void> => {
    if (unsent) await options.send(unsent);
    unsent = undefined;
  };

  const send = async (): Promise<void> => {
    await sendUnsent();
    if (counted.size === 0) return;
    unsent = { id: generateId(), deltas: [...counted.values()] };
    counted = new Map();
    await sendUnsent();
  };

  const flush = (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    // A store that is away is no reason to give up what is counted: the batch is kept, and the next count tries it again.
    flushing = flushing.then(send).catch(() => undefined);
    return flushing;
  };

  const add = (tenant: string, name: string, day: string): void => {
    const key = `${day}\u0000${tenant}\u0000${name}`;
    const known = counted.get(key);
    if (known) known.by += 1;
    else if (counted.size < maximumNames || name === overflow.name) counted.set(key, { tenant, name, day, by: 1 });
    else add(overflow.tenant, overflow.name, day);
  };

  /** Written once a day: a date's text costs more than the count. */
  let today = { number: -1, text: '' };
  const todayOf = (now: number): string => {
    const number = Math.floor(now / dayMs);
    if (number !== today.number) today = { number, text: dayOf(now) };
    return today.text;
  };

  return {
    flush,
    add(tenant, name) {
      add(tenant, name, todayOf(clock.now()));
      timer ??= clock.setTimer(() => void flush(), flushEveryMs);
    },
  };
}
