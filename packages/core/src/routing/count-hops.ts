import type { EventRecord } from '../contracts/dispatch-records.ts';
import type { HistoryStore } from '../contracts/history-store.ts';

/** Causes behind an event from which on it begins no run: automations that start each other would never end. */
export const mostHops = 8;

/** Events that are remembered with their number; an event's causes never change. */
const remembered = 10_000;

type Caused = Pick<EventRecord, 'tenant' | 'id' | 'causation'>;

/** Counts the events that one was caused by, one by the other, up to {@link mostHops}. One that is not kept any more counts as the first. */
export function createHopCounter(history: Pick<HistoryStore, 'event'>): (event: Caused) => Promise<number> {
  let known = new Map<string, number>();
  return async (event) => {
    const { tenant } = event;
    const passed: string[] = [];
    let hops = 0;
    for (let at: Caused | null = event; at !== null && at.causation !== null && passed.length < mostHops; ) {
      const place: string = `${tenant}\u0000${at.causation}`;
      passed.push(place);
      const counted = known.get(place);
      if (counted !== undefined) {
        hops = counted;
        break;
      }
      at = await history.event(tenant, at.causation);
    }
    if (known.size > remembered) known = new Map();
    for (const [back, place] of passed.reverse().entries()) {
      const own = hops + back;
      if (passed.length < mostHops || own >= mostHops) known.set(place, own);
    }
    return Math.min(mostHops, hops + passed.length);
  };
}
