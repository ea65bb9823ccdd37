import { createCounts } from '../batch/create-counts.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import { hubScope } from '../contracts/configuration-store.ts';
import type { CounterStore } from '../contracts/control-stores.ts';
import type { StateStore } from '../contracts/state-store.ts';
import { failureOf } from '../errors/failure-of.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Logger } from '../logger/logger.ts';
import { type ErrorPlace, fingerprintOf, groupPrefix, traitsOf } from './error-group.ts';
import { createGroupWriter, type SeenGroup } from './write-groups.ts';

/** What collecting needs. */
export interface ErrorCollectorOptions {
  readonly counters: Pick<CounterStore, 'add'>;
  readonly states: Pick<StateStore, 'write' | 'read'>;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly generateId: GenerateId;
  readonly logger: Logger;
}

/** Puts errors together that are alike. */
export interface ErrorCollector {
  /** Counts an error; nothing is waited for. */
  add(place: ErrorPlace): void;
  /** Writes what has been collected. Never rejects. */
  flush(): Promise<void>;
}

/** Milliseconds between writes. */
const flushEvery = 1_000;

/** Groups of one tenant that this process tells apart by their wording, groups that wait to be written, and tenants that are remembered. */
const most = { groups: 200, waiting: 1_000, tenants: 1_000 };

/** Name under which is counted what there is no room for. */
const overflow = { tenant: hubScope, name: `${groupPrefix}overflow` };

/** Collects errors in memory and writes once a second: how many there were by group and day, and of each group what it is. */
export function createErrorCollector(options: ErrorCollectorOptions): ErrorCollector {
  const { counters, states, clock, generateId, logger } = options;
  const counts = createCounts({ send: (batch) => counters.add(batch), clock, generateId, overflow });
  const writeGroups = createGroupWriter(states);
  const known = new Map<string, Set<string>>();
  let seen = new Map<string, SeenGroup>();
  let timer: Timer | undefined;
  let flushing: Promise<void> = Promise.resolve();

  /** Whoever makes a service word its errors ever anew gets few groups from it all the same. */
  const identify = (place: ErrorPlace) => {
    const fine = traitsOf(place, false);
    const fingerprint = fingerprintOf(fine);
    const own = known.get(place.tenant) ?? new Set();
    if (!own.has(fingerprint) && own.size >= most.groups) {
      const coarse = traitsOf(place, true);
      return { traits: coarse, fingerprint: fingerprintOf(coarse) };
    }
    if (known.size >= most.tenants && !known.has(place.tenant)) known.clear();
    known.set(place.tenant, own.add(fingerprint));
    return { traits: fine, fingerprint };
  };

  const send = async (): Promise<void> => {
    const groups = [...seen.values()];
    seen = new Map();
    await Promise.all([counts.flush(), writeGroups(groups)]);
  };

  const flush = (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    // A group that was not written is there again when it comes up again; how often it did is not lost.
    flushing = flushing.then(send).catch((error: unknown) => logger.warn('groups of errors could not be written', failureOf(error)));
    return flushing;
  };

  return {
    flush,
    add(place) {
      const { tenant, example } = place;
      const { traits, fingerprint } = identify(place);
      const now = clock.now();
      const key = `${tenant}\u0000${fingerprint}`;
      const first = seen.get(key)?.group.firstSeen ?? now;
      counts.add(tenant, `${groupPrefix}${fingerprint}`);
      if (seen.has(key) || seen.size < most.waiting)
        seen.set(key, { tenant, fingerprint, group: { ...traits, firstSeen: first, lastSeen: now, example } });
      timer ??= clock.setTimer(() => void flush(), flushEvery);
    },
  };
}
