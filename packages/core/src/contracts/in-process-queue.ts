import type { Clock } from '../clock/clock.ts';
import type { Queue, Wake } from './queue.ts';

/**
 * A queue within the process, for storages of one process and as the near half of those of several: a wake-up reaches every listener once
 * the caller's turn is over.
 */
export function inProcessQueue(clock: Pick<Clock, 'nextTurn'>): Queue {
  const listeners = new Set<(hint: Wake) => void>();
  let waiting: Wake[] = [];

  const deliver = (): void => {
    const hints = waiting;
    waiting = [];
    for (const hint of hints) {
      for (const listener of [...listeners]) {
        try {
          listener(hint);
        } catch {
          // A wake-up is a hint: a listener that fails loses it, and neither the waker nor the other listeners learn of it.
        }
      }
    }
  };

  return {
    async wake(hint) {
      if (listeners.size === 0) return;
      waiting.push({ ...hint });
      if (waiting.length === 1) clock.nextTurn(deliver);
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
      waiting = [];
    },
  };
}
