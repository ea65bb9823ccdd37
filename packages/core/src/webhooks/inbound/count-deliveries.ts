import type { Clock, Timer } from '../../clock/clock.ts';
import { hubScope } from '../../contracts/configuration-store.ts';
import type { CounterDelta, CounterStore } from '../../contracts/control-stores.ts';
import type { GenerateId } from '../../id/generate-id.ts';

/** What can be counted of a delivery. */
export type DeliveryCount =
  | 'received'
  | 'duplicate'
  | 'refused'
  | 'limited'
  | 'unknown_account'
  | 'ignored'
  | 'confined'
  | 'invalid'
  | 'failed'
  | 'kept';

/** Counts deliveries per registration. A request that is refused writes nothing else. */
export interface DeliveryCounts {
  count(what: DeliveryCount, place: { readonly tenant: string; readonly registration: string }): void;
  /** Writes what has been counted. Called on stop. */
  flush(): Promise<void>;
}

/** Names counted between two writes; beyond it they are counted together, so that a flood of made-up URLs fills no memory. */
const maximumNames = 1_000;

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
  readonly clock: Clock;
  readonly generateId: GenerateId;
}): DeliveryCounts {
  const { store, clock, generateId } = options;
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
    flushing = flushing.then(send).catch(() => undefined);
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

  return {
    flush,
    count(what, { tenant, registration }) {
      add(tenant, `webhook:${registration}:${what}`, dayOf(clock.now()));
      timer ??= clock.setTimer(() => void flush(), flushEvery);
    },
  };
}
