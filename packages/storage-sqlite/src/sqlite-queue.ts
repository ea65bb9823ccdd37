import { type Clock, inProcessQueue, type Queue } from '@patchbay/core/adapter';
import type { DatabaseThread } from './thread/database-thread.ts';

/**
 * A wake-up reaches the listeners of this process once the caller's turn is over, and those of other processes on the same file when
 * their threads next look whether something was committed: they then hear that there is work, not which.
 */
export function sqliteQueue(thread: Pick<DatabaseThread, 'call' | 'watch'>, clock: Pick<Clock, 'nextTurn'>): Queue {
  const local = inProcessQueue(clock);
  const listening = new Set<symbol>();
  let unwatch: (() => void) | null = null;

  const stopWatching = (): void => {
    listening.clear();
    unwatch?.();
    unwatch = null;
  };

  return {
    async wake(hint) {
      await local.wake(hint);
      thread.call('wake', null).catch(() => undefined);
    },
    onWake(listener) {
      const stop = local.onWake(listener);
      const own = Symbol('listener');
      listening.add(own);
      unwatch ??= thread.watch(() => void local.wake({}));
      return () => {
        stop();
        if (listening.delete(own) && listening.size === 0) stopWatching();
      };
    },
    async close() {
      stopWatching();
      await local.close();
    },
  };
}
