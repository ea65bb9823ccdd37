import { CircuitState, CountBreaker } from 'cockatiel';

/** When a breaker opens. */
export interface OpeningFigures {
  /** Of so many last calls. @default 20 */
  readonly calls: number;
  /** At least so many calls must have ended. @default 10 */
  readonly leastCalls: number;
  /** More than this share has failed, between 0 and 1. @default 0.5 */
  readonly share: number;
}

/** Counts how the calls of places end, in this process alone. Nothing is kept of a place that works. */
export interface FailureCounts {
  /** Answers true where the breaker of the place is to open; its count begins anew then. */
  failed(place: string): boolean;
  succeeded(place: string): void;
  /** Places that are counted. */
  readonly size: number;
}

/** Milliseconds without a failure after which a place is counted anew. */
const forgottenAfter = 600_000;

/** Places that are counted; the one that failed longest ago goes first. */
const mostPlaces = 10_000;

interface Count {
  readonly breaker: CountBreaker;
  failedAt: number;
  /** Successes since the last failure. */
  streak: number;
}

/** Makes one that has counted nothing. */
export function createFailureCounts(figures: OpeningFigures, monotonic: () => number): FailureCounts {
  const counts = new Map<string, Count>();
  const { calls: size, leastCalls: minimumNumberOfCalls, share: threshold } = figures;
  const counted = (place: string, now: number): Count => {
    const known = counts.get(place);
    counts.delete(place);
    const isKnown = known !== undefined && now - known.failedAt < forgottenAfter;
    const count = isKnown ? known : { breaker: new CountBreaker({ threshold, size, minimumNumberOfCalls }), failedAt: now, streak: 0 };
    counts.set(place, count);
    const oldest = counts.size > mostPlaces ? counts.keys().next().value : undefined;
    if (oldest !== undefined) counts.delete(oldest);
    return count;
  };
  return {
    failed(place) {
      const now = monotonic();
      const count = counted(place, now);
      count.failedAt = now;
      count.streak = 0;
      const opens = count.breaker.failure(CircuitState.Closed);
      if (opens) counts.delete(place);
      return opens;
    },
    succeeded(place) {
      const count = counts.get(place);
      if (count === undefined) return;
      count.streak += 1;
      // Whatever failed is out of the window by now.
      if (count.streak >= size) counts.delete(place);
      else count.breaker.success(CircuitState.Closed);
    },
    get size() {
      return counts.size;
    },
  };
}
