import type { StateEntry, StateStore } from '../../contracts/state-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { noQuota, type QuotaState, quotaToJson, readQuota } from './quota-state.ts';

/** Where the state of one limit is kept. */
export interface QuotaPlace {
  readonly tenant: string;
  readonly name: string;
}

/** What a change comes to: the state as it is to be, or `null` where nothing is to be written. */
export interface QuotaChange<Result> {
  readonly state: QuotaState | null;
  readonly result: Result;
}

/** The state of one limit in the store, changed by one process at a time. */
export interface SharedQuota {
  /** As it was last read or written here; the empty state before that. */
  readonly last: QuotaState;
  /** Monotonic time of that; negative infinity before it. */
  readonly readAt: number;
  read(): Promise<QuotaState>;
  /** Takes over what has been read by somebody else. */
  seed(entry: StateEntry): void;
  /** Changes it by what is known of it; where another has changed it meanwhile, reads it and works the change out again. Rejects as the store does. */
  change<Result>(next: (state: QuotaState) => QuotaChange<Result>): Promise<Result>;
}

/** Races for one state in which the store is asked again; each of them somebody has won. */
const mostTries = 50;

/** Makes one that remembers what it last saw. */
export function createSharedQuota(states: StateStore, { tenant, name }: QuotaPlace, monotonic: () => number): SharedQuota {
  let last = noQuota;
  let version: number | 'absent' = 'absent';
  let readAt = Number.NEGATIVE_INFINITY;

  const keep = (entry: StateEntry | null): QuotaState => {
    version = entry?.version ?? 'absent';
    last = readQuota(entry?.value);
    readAt = monotonic();
    return last;
  };
  const read = async (): Promise<QuotaState> => keep(await states.read(tenant, name));

  return {
    get last() {
      return last;
    },
    get readAt() {
      return readAt;
    },
    read,
    seed(entry) {
      // Read at the same time as it was written here, it would be of before that.
      if (version === 'absent' || entry.version > version) keep(entry);
    },
    async change(next) {
      if (readAt === Number.NEGATIVE_INFINITY) await read();
      for (let tries = 0; ; tries += 1) {
        const { state, result } = next(last);
        if (state === null) return result;
        if (tries === mostTries) throw contended();
        const [verdict] = await states.write([{ tenant, name, expect: version, value: quotaToJson(state) }]);
        if (verdict?.status === 'written') {
          version = version === 'absent' ? 1 : version + 1;
          last = state;
          readAt = monotonic();
          return result;
        }
        if (verdict?.entry === undefined) await read();
        else keep(verdict.entry);
      }
    },
  };
}

function contended(): PatchbayError {
  return new PatchbayError({
    code: 'storage_unavailable',
    message: 'Other processes changed the state of a limit each time that this one would. Try again.',
    retryable: true,
    sent: 'no',
  });
}
