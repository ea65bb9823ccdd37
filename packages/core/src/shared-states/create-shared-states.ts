import type { Clock, Timer } from '../clock/clock.ts';
import type { StateStore } from '../contracts/state-store.ts';
import { failureOf } from '../errors/failure-of.ts';
import type { Json } from '../json/json.ts';
import type { Logger } from '../logger/logger.ts';

/** Where a state is kept. */
export interface StatePlace {
  readonly tenant: string;
  readonly name: string;
}

/** What becomes of a state. */
export interface StateChange<State> {
  readonly next: State;
  /** As it is stored. It differs from what every other process writes, or two that have seen the same would each take the other's write for its own. */
  readonly value: Json;
  /** Tells what has changed; called by the one process whose write has held. */
  readonly tell: () => void;
}

/** States that all processes share, each changed by what a process has noted. */
export interface SharedStates<Noted> {
  /** What this process has noted and not written yet, to be changed in place. `undefined`: too many are noted, and this one goes unseen. */
  note(key: string, begin: () => Noted): Noted | undefined;
  /** Shares within that many milliseconds, or sooner. */
  shareWithin(milliseconds: number): void;
  /** Shares what has been noted, and tells what it means. Never rejects. */
  flush(): Promise<void>;
}

/** What sharing needs. */
export interface SharedStatesOptions<Noted, State> {
  readonly states: Pick<StateStore, 'read' | 'write'>;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly logger: Pick<Logger, 'warn'>;
  /** What they are, for the log: `how endpoints are doing`. */
  readonly subject: string;
  /** Keys that are noted between two writes, and of which the state is remembered. */
  readonly most: number;
  readonly placeOf: (noted: Noted) => StatePlace;
  readonly read: (stored: Json | undefined) => State;
  /** What follows from what was noted; `null`: the state is forgotten. Asked again where another process was faster. */
  readonly change: (noted: Noted, state: State) => StateChange<State> | null | Promise<StateChange<State> | null>;
}

/** States of one call of the store. */
const mostAtOnce = 200;

/** Races for one state that are tried again; what is not shared then is forgotten: it is of the last seconds. */
const writeTries = 10;

interface Known<State> {
  readonly state: State;
  readonly version: number | 'absent';
}

/** Shares what is noted by compare-and-set, many states at a time. What others have written meanwhile is read, and changed again. */
export function createSharedStates<Noted, State>(options: SharedStatesOptions<Noted, State>): SharedStates<Noted> {
  const { states, clock, logger, subject, most, placeOf } = options;
  let noted = new Map<string, Noted>();
  const known = new Map<string, Known<State>>();
  let timer: { readonly dueAt: number; readonly timer: Timer } | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const keep = (key: string, entry: Known<State>): Known<State> => {
    known.delete(key);
    known.set(key, entry);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return entry;
  };

  const read = async (key: string, { tenant, name }: StatePlace): Promise<Known<State>> => {
    const stored = await states.read(tenant, name);
    return keep(key, { state: options.read(stored?.value), version: stored?.version ?? 'absent' });
  };

  const change = async (entry: readonly [string, Noted]) => {
    const [key, seen] = entry;
    const place = placeOf(seen);
    const from = known.get(key) ?? (await read(key, place));
    return { entry, place, from, made: await options.change(seen, from.state) };
  };

  /** Answers those that others have written meanwhile. */
  const share = async (entries: readonly (readonly [string, Noted])[]): Promise<readonly (readonly [string, Noted])[]> => {
    const changes = (await Promise.all(entries.map(change))).filter(({ made, from }) => made !== null || from.version !== 'absent');
    const items = changes.map(({ place, from, made }) => ({ ...place, expect: from.version, value: made?.value ?? null }));
    const write = () => states.write(items);
    // Where only the answer was lost the same write gives the same verdicts, and what it changed is told.
    const verdicts = items.length === 0 ? [] : await write().catch(write);
    return changes.flatMap(({ entry, from, made }, index) => {
      const [key] = entry;
      const isWritten = verdicts[index]?.status === 'written';
      if (!isWritten || made === null) known.delete(key);
      if (!isWritten) return [entry];
      if (made === null) return [];
      keep(key, { state: made.next, version: from.version === 'absent' ? 1 : from.version + 1 });
      made.tell();
      return [];
    });
  };

  const shareAll = async (): Promise<void> => {
    const all = [...noted];
    noted = new Map();
    for (let first = 0; first < all.length; first += mostAtOnce) {
      let rest: readonly (readonly [string, Noted])[] = all.slice(first, first + mostAtOnce);
      for (let tries = 0; rest.length > 0 && tries < writeTries; tries += 1) rest = await share(rest);
    }
  };

  const flush = (): Promise<void> => {
    timer?.timer.cancel();
    timer = undefined;
    flushing = flushing.then(shareAll).catch((error: unknown) => {
      // Whether it was written is not known, so what is remembered is not either.
      known.clear();
      logger.warn(`${subject} could not be shared with other processes`, failureOf(error));
    });
    return flushing;
  };

  return {
    flush,
    note(key, begin) {
      const entry = noted.get(key);
      if (entry !== undefined || noted.size >= most) return entry;
      const begun = begin();
      noted.set(key, begun);
      return begun;
    },
    shareWithin(milliseconds) {
      const dueAt = clock.now() + milliseconds;
      if (timer && timer.dueAt <= dueAt) return;
      timer?.timer.cancel();
      timer = { dueAt, timer: clock.setTimer(() => void flush(), milliseconds) };
    },
  };
}
