import type { Clock } from '../../clock/clock.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { CallGuard, GuardedCall } from '../call-guard.ts';
import { type CallPlace, createCallPlaces, type PlaceFigures } from './call-places.ts';
import { createWaitingLine, type Waiting } from './waiting-line.ts';

/** How many requests may be under way and wait at once, in one process. */
export interface BulkheadFigures extends PlaceFigures {
  /** Requests of one tenant that wait for a place at once; one more is refused. */
  readonly tenantWaiting: number;
}

/** What {@link createBulkhead} is given. */
export interface BulkheadOptions {
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly figures: BulkheadFigures;
}

/** Milliseconds after which a request that found no place comes again. */
const againMs = 1_000;

/** Makes the guard that keeps a connection or a tenant whose calls hang from taking the places of the others. It knows this process alone. */
export function createBulkhead({ clock, figures }: BulkheadOptions): CallGuard {
  const places = createCallPlaces(figures);
  const line = createWaitingLine();
  const held = new WeakMap<GuardedCall, CallPlace>();

  const take = (call: GuardedCall, place: CallPlace): boolean => {
    if (!places.take(place)) return false;
    held.set(call, place);
    return true;
  };

  const wait = (call: GuardedCall, place: CallPlace): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        timer.cancel();
        call.signal.removeEventListener('abort', giveUp);
        place.waiting -= 1;
      };
      const waiting: Waiting = {
        tenant: call.tenant,
        tryToGo() {
          if (!take(call, place)) return false;
          leave();
          resolve();
          return true;
        },
      };
      const giveUp = (): void => {
        line.remove(waiting);
        leave();
        reject(noPlace(call));
      };
      place.waiting += 1;
      const timer = clock.setTimer(giveUp, call.maximumWaitMs);
      call.signal.addEventListener('abort', giveUp, { once: true });
      line.add(waiting);
    });

  return {
    admit(call) {
      const place = places.of(call);
      // Who waits already goes first.
      if (place.waiting === 0 && take(call, place)) return undefined;
      if (line.sizeOf(call.tenant) >= figures.tenantWaiting || call.maximumWaitMs <= 0 || call.signal.aborted) throw noPlace(call);
      return wait(call, place);
    },
    ended(call) {
      const place = held.get(call);
      if (place === undefined) return;
      held.delete(call);
      places.leave(place);
      if (line.size > 0) line.letGo();
    },
  };
}

function noPlace({ origin }: GuardedCall): PatchbayError {
  return new PatchbayError({
    code: 'overloaded',
    message: `As many requests to ${origin} are under way as may be at once, so this one was not sent. Try again later.`,
    retryable: true,
    sent: 'no',
    retryAfterMs: againMs,
    details: { heldBy: 'bulkhead' },
  });
}
