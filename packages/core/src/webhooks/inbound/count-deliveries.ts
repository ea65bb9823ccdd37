import { createCounts, flushEveryMs } from '../../batch/create-counts.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import { hubScope } from '../../contracts/configuration-store.ts';
import type { CounterStore } from '../../contracts/control-stores.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { Json } from '../../json/json.ts';
import { createDeliveryNotes, type NoteKind } from './delivery-notes.ts';
import { type DeliveryTime, timeName } from './delivery-times.ts';

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

/** Where is counted what there is no room for. */
const overflow = { tenant: hubScope, name: 'webhook:overflow' };

/** Counts and notes in memory, and writes each at most once a second. */
export function createDeliveryCounts(options: {
  readonly store: Pick<CounterStore, 'add'>;
  readonly states: Pick<StateStore, 'write'>;
  readonly clock: Clock;
  readonly generateId: GenerateId;
}): DeliveryCounts {
  const { store, states, clock, generateId } = options;
  const counts = createCounts({ send: (batch) => store.add(batch), clock, generateId, overflow, maximumNames });
  const notes = createDeliveryNotes(states);
  let timer: Timer | undefined;
  let noting: Promise<void> = Promise.resolve();

  const flushNotes = (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    // A store that is away is no reason to refuse a webhook: what was noted is kept, and the next note tries it again.
    noting = noting.then(() => notes.flush()).catch(() => undefined);
    return noting;
  };

  const count = (what: string, { tenant, registration }: CountedPlace): void => counts.add(tenant, `webhook:${registration}:${what}`);

  return {
    async flush() {
      await Promise.all([counts.flush(), flushNotes()]);
    },
    count,
    time: (what, place, ms) => count(timeName(what, ms), place),
    note(kind, place, value) {
      notes.keep(kind, place, value);
      timer ??= clock.setTimer(() => void flushNotes(), flushEveryMs);
    },
  };
}
