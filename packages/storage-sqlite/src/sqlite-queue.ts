import type { Clock, Queue, Wake } from '@patchbay/core/adapter';
import type { DatabaseThread } from './thread/database-thread.ts';

/**
 * A wake-up reaches the listeners of this process once the caller's turn is over, and those of other processes on the same file when
 * their threads next look whether something was committed: they then hear that there is work, not which.
 */
export function sqliteQueue(thread: Pick<DatabaseThread, 'call' | 'watch'>, clock: Pick<Clock, 'nextTurn'>): Queue {
  const listeners = new Set<(hint: Wake) => void>();
  let unwatch: (() => void) | null = null;

  const deliver = (hint: Wake): void => {
    for (const listener of [...listeners]) {
      try {
        listener(hint);
      } catch {
        // A wake-up is a hint: a listener that fails loses it, and neither the waker nor the other listeners learn of it.
      }
    }
  };

  const stopWatching = (): void => {
    unwatch?.();
    unwatch = null;
  };

  return {
    async wake(hint) {
      const copy = { ...hint };
      if (listeners.size > 0) clock.nextTurn(() => deliver(copy));
      thread.call('wake', null).catch(() => undefined);
    },
    onWake(listener) {
      const own = (hint: Wake): void => listener(hint);
      listeners.add(own);
      unwatch ??= thread.watch(() => deliver({}));
      return () => {
        listeners.delete(own);
        if (listeners.size === 0) stopWatching();
      };
    },
    async close() {
      listeners.clear();
      stopWatching();
    },
  };
}
