/** How many requests may be sent again: a part of those that are sent, so that a service in trouble is not asked two or three times as often. */
export interface RetryBudget {
  /** A request is about to be sent for the first time. */
  called(place: string): void;
  /** Takes one retry; false where there is none left. */
  take(place: string): boolean;
}

/** Requests that are sent for one that may be sent again: counted whole, a tenth would not add up. */
const priceOfRetry = 10;

/** What a place has at first, and at most: ten retries. */
const most = 10 * priceOfRetry;

/** Places that are remembered; the one that took longest ago goes first. */
const mostPlaces = 10_000;

/** Makes one in which every place has all of its retries. Nothing is kept of a place that has. */
export function createRetryBudget(): RetryBudget {
  const left = new Map<string, number>();
  return {
    called(place) {
      if (left.size === 0) return;
      const saved = left.get(place);
      if (saved === undefined) return;
      if (saved + 1 >= most) left.delete(place);
      else left.set(place, saved + 1);
    },
    take(place) {
      const saved = left.get(place) ?? most;
      if (saved < priceOfRetry) return false;
      left.delete(place);
      left.set(place, saved - priceOfRetry);
      const oldest = left.size > mostPlaces ? left.keys().next().value : undefined;
      if (oldest !== undefined) left.delete(oldest);
      return true;
    },
  };
}
