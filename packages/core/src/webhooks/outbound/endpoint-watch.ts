import type { Clock } from '../../clock/clock.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { Logger } from '../../logger/logger.ts';
import type { Notify } from '../../notices/notices.ts';
import { createSharedStates } from '../../shared-states/create-shared-states.ts';
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

interface Noted {
  readonly endpoint: WatchedEndpoint;
  readonly minutes: Map<number, MinuteCount>;
}

/** Makes the watch. The window of an endpoint is one state, so that whoever writes the episode's beginning or end is the one who tells. */
export function createEndpointWatch({ states, clock, generateId, notify, logger }: EndpointWatchOptions): EndpointWatch {
  const tell = ({ tenant, id: endpointId, name }: WatchedEndpoint, before: FailureWindow, next: FailureWindow): void => {
    const at = Math.floor(clock.now());
    const figures = { tenant, endpointId, name, ...sumOf(next), at };
    const { failingSince } = before;
    if (failingSince === null && next.failingSince !== null) notify('endpoint.failing', figures);
    if (failingSince !== null && next.failingSince === null) notify('endpoint.recovered', { ...figures, failingSince });
  };

  const shared = createSharedStates<Noted, FailureWindow>({
    states,
    clock,
    logger,
    subject: 'how endpoints are doing',
    most: mostEndpoints,
    placeOf: ({ endpoint: { tenant, id } }) => ({ tenant, name: windowName(id) }),
    read: (stored) => (stored === undefined ? emptyWindow : readWindow(stored)),
    change({ endpoint, minutes }, before) {
      const now = clock.now();
      const next = judgeWindow(addToWindow(before, [...minutes.values()], now), now);
      return { next, value: writeWindow(next, generateId()), tell: () => tell(endpoint, before, next) };
    },
  });

  return {
    flush: shared.flush,
    note(endpoint, isFailure) {
      const entry = shared.note(endpoint.id, () => ({ endpoint, minutes: new Map() }));
      if (entry === undefined) return;
      const minute = minuteOf(clock.now());
      const { attempts, failed } = entry.minutes.get(minute) ?? { attempts: 0, failed: 0 };
      entry.minutes.set(minute, { minute, attempts: attempts + 1, failed: failed + (isFailure ? 1 : 0) });
      shared.shareWithin(isFailure ? shareAfter.failure : shareAfter.success);
    },
  };
}
