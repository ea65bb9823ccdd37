import { type CallEnding, type CallGuard, type GuardedCall, nothingSent } from './call-guard.ts';

/** The two guards that a request needs something of at the same moment. */
export interface PermittedPlacesOptions {
  /** Gives permits, which are of use for a moment: the slice that they come from ends, and what was taken of it by then counts as sent. */
  readonly limits: CallGuard;
  /** Gives places among those that are under way. */
  readonly places: CallGuard;
}

/**
 * Lets a request in that has both a permit and a place. While it waits for one of them it holds nothing of the other: a permit that ends while its request
 * waits, or is refused, would be lost to all, and a place that is held for a limit would keep others out.
 */
export function permittedPlaces({ limits, places }: PermittedPlacesOptions): CallGuard {
  /** Asks the second guard with what the first has given; what cannot be had at once is waited for without it. */
  const both = (call: GuardedCall, [first, second]: readonly [CallGuard, CallGuard], turns: number): Promise<void> | undefined => {
    let waiting: Promise<void> | undefined;
    try {
      waiting = second.admit(call);
    } catch (error) {
      first.ended(call, nothingSent);
      throw error;
    }
    if (waiting === undefined) return undefined;
    if (turns === 0) return waiting.catch(giveBack(first, call));
    first.ended(call, nothingSent);
    return waiting.then(() => both(call, [second, first], turns - 1));
  };

  return {
    admit(call) {
      const waiting = limits.admit(call);
      const order = [limits, places] as const;
      return waiting === undefined ? both(call, order, mostTurns) : waiting.then(() => both(call, order, mostTurns));
    },
    ended(call: GuardedCall, ending: CallEnding) {
      places.ended(call, ending);
      limits.ended(call, ending);
    },
  };
}

/** Times that a request begins to wait anew for what it has given back; then it keeps what it has, so that it comes to an end. */
const mostTurns = 3;

function giveBack(guard: CallGuard, call: GuardedCall): (error: unknown) => never {
  return (error) => {
    guard.ended(call, nothingSent);
    throw error;
  };
}
