import type { Clock, Queue, Wake } from '@patchbay/core/adapter';

/** A queue within the process: a wake-up reaches every listener once the caller's turn is over. */
export function inProcessQueue(clock: Pick<Clock, 'nextTurn'>): Queue {
  const listeners = new Set<(hint: Wake) => void>();
  const deliver = (hint: Wake): void => {
    for (const listener of [...listeners]) {
      try {
        listener(hint);
      } catch {
        // A wake-up is a hint: a listener that fails loses it, and neither the waker nor the other listeners learn of it.
      }
    }
  };
  return {
    async wake(hint) {
      const copy = { ...hint };
      if (listeners.size > 0) clock.nextTurn(() => deliver(copy));
    },
    onWake(listener) {
      const own = (hint: Wake): void => listener(hint);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    async close() {
      listeners.clear();
    },
  };
}
