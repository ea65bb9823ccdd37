import type { Clock, Timer } from '../../clock/clock.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { failureOf } from '../../errors/failure-of.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { Logger } from '../../logger/logger.ts';
import type { Notify } from '../../notices/notices.ts';
import {
  addToWindow,
  emptyWindow,
  type FailureWindow,
  judgeWindow,
  type MinuteCount,
  minuteOf,
  readWindow,
  sumOf,
  writeWindow,
} from './failure-window.ts';

/** An endpoint, with its name for the host. */
export interface WatchedEndpoint {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
}

/** Watches over all processes for endpoints of which most attempts fail, and tells the host once when it begins and once when it ends. */
export interface EndpointWatch {
  note(endpoint: WatchedEndpoint, isFailure: boolean): void;
  /** Shares what this process has seen. Never rejects. */
  flush(): Promise<void>;
}

/** What watching needs. */
export interface EndpointWatchOptions {
  readonly states: Pick<StateStore, 'read' | 'write'>;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly generateId: GenerateId;
  readonly notify: Notify;
  readonly logger: Logger;
}

/** How the names of windows begin. */
export const windowPrefix = 'delivery-window:';

/** Where the window of an endpoint is kept. */
export const windowName = (id: string): string => `${windowPrefix}${id}`;

/** Milliseconds until a failure is shared, and until successes alone are: they make nobody wait. */
const shareAfter = { failure: 1_000, success: 10_000 };

/** Endpoints that are noted between two writes, and of which the window is remembered. What comes beyond goes unwatched until then. */
const mostEndpoints = 5_000;

/** Windows of one call of the store. */
const mostAtOnce = 200;

/** Races for one window that are tried again; what is not shared then is forgotten: it is of the last seconds. */
const writeTries = 10;

interface Noted {
  readonly endpoint: WatchedEndpoint;
  readonly minutes: Map<number, MinuteCount>;
}

interface Known {
  readonly window: FailureWindow;
  readonly version: number | 'absent';
}

interface Change {
  readonly noted: Noted;
  readonly known: Known;
  readonly next: FailureWindow;
  /** Tells this write from all others. */
  readonly by: string;
}

/** Makes the watch. The window of an endpoint is one state, so that whoever writes the episode's beginning or end is the one who tells. */
export function createEndpointWatch({ states, clock, generateId, notify, logger }: EndpointWatchOptions): EndpointWatch {
  let noted = new Map<string, Noted>();
  const known = new Map<string, Known>();
  let timer: { readonly dueAt: number; readonly timer: Timer } | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const keep = (id: string, entry: Known): Known => {
    known.delete(id);
    known.set(id, entry);
    const [oldest] = known.keys();
    if (known.size > mostEndpoints && oldest !== undefined) known.delete(oldest);
    return entry;
  };

  const read = async ({ tenant, id }: WatchedEndpoint): Promise<Known> => {
    const stored = await states.read(tenant, windowName(id));
    return keep(id, { window: stored ? readWindow(stored.value) : emptyWindow, version: stored?.version ?? 'absent' });
  };

  const change = async (entry: Noted): Promise<Change> => {
    const from = known.get(entry.endpoint.id) ?? (await read(entry.endpoint));
    const now = clock.now();
    const next = judgeWindow(addToWindow(from.window, [...entry.minutes.values()], now), now);
    return { noted: entry, known: from, next, by: generateId() };
  };

  const tell = ({ noted: { endpoint }, known: { window }, next }: Change): void => {
    const { tenant, id: endpointId, name } = endpoint;
    const at = Math.floor(clock.now());
    const figures = { tenant, endpointId, name, ...sumOf(next), at };
    if (window.failingSince === null && next.failingSince !== null) notify('endpoint.failing', figures);
    if (window.failingSince !== null && next.failingSince === null)
      notify('endpoint.recovered', { ...figures, failingSince: window.failingSince });
  };

  /** Answers those that others have written meanwhile. */
  const share = async (entries: readonly Noted[]): Promise<readonly Noted[]> => {
    const changes = await Promise.all(entries.map(change));
    const write = () =>
      states.write(
        changes.map(({ noted: { endpoint }, known: { version }, next, by }) => {
          return { tenant: endpoint.tenant, name: windowName(endpoint.id), expect: version, value: writeWindow(next, by) };
        }),
      );
    // Where only the answer was lost the same write gives the same verdicts, and what it began or ended is told.
    const verdicts = await write().catch(write);
    return changes.flatMap((each, index) => {
      const { endpoint } = each.noted;
      const isWritten = verdicts[index]?.status === 'written';
      if (!isWritten) known.delete(endpoint.id);
      if (!isWritten) return [each.noted];
      keep(endpoint.id, { window: each.next, version: each.known.version === 'absent' ? 1 : each.known.version + 1 });
      tell(each);
      return [];
    });
  };

  const shareAll = async (): Promise<void> => {
    const all = [...noted.values()];
    noted = new Map();
    for (let first = 0; first < all.length; first += mostAtOnce) {
      let rest: readonly Noted[] = all.slice(first, first + mostAtOnce);
      for (let tries = 0; rest.length > 0 && tries < writeTries; tries += 1) rest = await share(rest);
    }
  };

  const flush = (): Promise<void> => {
    timer?.timer.cancel();
    timer = undefined;
    flushing = flushing.then(shareAll).catch((error: unknown) => {
      // Whether it was written is not known, so what is remembered is not either.
      known.clear();
      logger.warn('how endpoints are doing could not be shared with other processes', failureOf(error));
    });
    return flushing;
  };

  return {
    flush,
    note(endpoint, isFailure) {
      const entry = noted.get(endpoint.id) ?? { endpoint, minutes: new Map() };
      if (noted.size >= mostEndpoints && !noted.has(endpoint.id)) return;
      noted.set(endpoint.id, entry);
      const now = clock.now();
      const minute = minuteOf(now);
      const { attempts, failed } = entry.minutes.get(minute) ?? { attempts: 0, failed: 0 };
      entry.minutes.set(minute, { minute, attempts: attempts + 1, failed: failed + (isFailure ? 1 : 0) });
      const dueAt = now + (isFailure ? shareAfter.failure : shareAfter.success);
      if (timer && timer.dueAt <= dueAt) return;
      timer?.timer.cancel();
      timer = { dueAt, timer: clock.setTimer(() => void flush(), dueAt - now) };
    },
  };
}
