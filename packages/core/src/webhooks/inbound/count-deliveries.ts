import type { Clock, Timer } from '../../clock/clock.ts';
import { hubScope } from '../../contracts/configuration-store.ts';
import type { CounterDelta, CounterStore } from '../../contracts/control-stores.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { Json } from '../../json/json.ts';
import { createDeliveryNotes, type NoteKind } from './delivery-notes.ts';
import { bucketOf, type DeliveryTime } from './delivery-times.ts';

/** What can be counted of a delivery; `filtered`, `dropped` and `sampled` by the rules of its registration. */
export type DeliveryCount =
  | 'received'
  | 'duplicate'
  | 'refused'
  | 'limited'
  | 'unknown_account'
  | 'ignored'
  | 'confined'
  | 'filtered'
  | 'dropped'
  | 'sampled'
  | 'invalid'
  | 'failed'
  | 'kept';

/** Whose delivery it is. */
export interface CountedPlace {
  readonly tenant: string;
  readonly registration: string;
}

/** Counts deliveries per registration and notes the last. A request that is refused writes nothing else. */
export interface DeliveryCounts {
  count(what: DeliveryCount, place: CountedPlace): void;
  /** Counts a duration, milliseconds, in the bucket that it falls in. */
  time(what: DeliveryTime, place: CountedPlace, ms: number): void;
  /** Notes the last of its kind. */
  note(kind: NoteKind, place: CountedPlace, value: Json): void;
  /** Writes what has been counted. Called on stop. */
  flush(): Promise<void>;
}

/** Names counted between two writes; beyond it they are counted together, so that a flood of made-up URLs fills no memory. */
const maximumNames = 4_000;

/** Milliseconds between writes. */
const flushEvery = 1_000;

/** Name under which is counted what there is no room for. */
const overflow = 'webhook:overflow';

interface Batch {
  readonly id: string;
  readonly deltas: readonly CounterDelta[];
}

/**
 * Counts in memory and adds to the store at most once a second. A batch that could not be written is offered again as it was, under its own id:
 * where only the answer was lost, it counts once. At most one such batch is kept beside what is being counted.
 */
export function createDeliveryCounts(options: {
  readonly store: Pick<CounterStore, 'add'>;
  readonly states: Pick<StateStore, 'write'>;
  readonly clock: Clock;
  readonly generateId: GenerateId;
}): DeliveryCounts {
  const { store, clock, generateId } = options;
  const notes = createDeliveryNotes(options.states);
  let counted = new Map<string, { readonly tenant: string; readonly name: string; readonly day: string; by: number }>();
  let unsent: Batch | undefined;
  let timer: Timer | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const sendUnsent = async (): Promise<void> => {
    if (unsent) await store.add(unsent);
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
    // A store that is away is no reason to refuse a webhook: the batch is kept, and the next count tries it again.
    flushing = flushing.then(() => Promise.allSettled([send(), notes.flush()])).then(() => undefined);
    return flushing;
  };

  const add = (tenant: string, name: string, day: string): void => {
    const key = `${day}\u0000${tenant}\u0000${name}`;
    const known = counted.get(key);
    if (known) known.by += 1;
    else if (counted.size < maximumNames || name === overflow) counted.set(key, { tenant, name, day, by: 1 });
    else add(hubScope, overflow, day);
  };

  /** Written once a day: a date's text costs more than the count. */
  let today = { number: -1, text: '' };
  const dayOf = (now: number): string => {
    const number = Math.floor(now / 86_400_000);
    if (number !== today.number) today = { number, text: new Date(now).toISOString().slice(0, 10) };
    return today.text;
  };

  const count = (what: string, { tenant, registration }: CountedPlace): void => {
    add(tenant, `webhook:${registration}:${what}`, dayOf(clock.now()));
    timer ??= clock.setTimer(() => void flush(), flushEvery);
  };

  return {
    flush,
    count,
    time: (what, place, ms) => count(bucketOf(what, ms), place),
    note(kind, place, value) {
      notes.keep(kind, place, value);
      timer ??= clock.setTimer(() => void flush(), flushEvery);
    },
  };
}
