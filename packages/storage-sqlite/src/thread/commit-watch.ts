import type { Clock, Timer } from '@patchbay/core/adapter';
import { number } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

/** Milliseconds between two looks for what other processes have committed. */
const watchMs = 25;

/** A number that changes with every commit of another connection. */
export const commitsSeen = (session: Session): number => {
  const row = session.get('pragma data_version');
  return row === undefined ? 0 : number(row, 'data_version');
};

/** Looks for commits of others while it is on. */
export interface CommitWatch {
  turn(on: boolean): void;
}

/** Makes a watch that is off. `look` says whether there was a commit since it was last asked. */
export function commitWatch(clock: Pick<Clock, 'setTimer'>, look: () => boolean, changed: () => void): CommitWatch {
  let timer: Timer | null = null;
  const tick = (): void => {
    timer = clock.setTimer(tick, watchMs);
    if (look()) changed();
  };
  return {
    turn(on) {
      timer?.cancel();
      timer = on ? clock.setTimer(tick, 0) : null;
    },
  };
}
