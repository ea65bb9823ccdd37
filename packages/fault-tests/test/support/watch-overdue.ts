import { setTimeout as pause } from 'node:timers/promises';
import type { FaultSchema } from './fault-schema.ts';

/** Watches leases that nobody takes over. */
export interface OverdueWatch {
  /** Ends the watch. Answers the longest time, in milliseconds, for which a lease that had ended was left alone. */
  end(): Promise<number>;
}

/** Looks from now on, as often as the database answers. While it does not, nothing can be taken over and nothing is counted. */
export function watchOverdue({ overdueMs }: Pick<FaultSchema, 'overdueMs'>): OverdueWatch {
  let isOn = true;
  let longest = 0;
  const watching = (async () => {
    while (isOn) {
      longest = Math.max(longest, await overdueMs().catch(() => 0));
      await pause(100);
    }
  })();
  return {
    async end() {
      isOn = false;
      await watching;
      return longest;
    },
  };
}
