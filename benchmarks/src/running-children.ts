import type { ChildProcess } from 'node:child_process';

/** The processes that this one started and that have not ended. */
export interface RunningChildren {
  readonly add: (child: ChildProcess) => void;
  readonly has: (child: ChildProcess) => boolean;
  /** Kills what is left, each by its own id. */
  readonly stopAll: () => void;
}

function watchChildren(): RunningChildren {
  const running = new Set<ChildProcess>();
  return {
    add: (child) => {
      running.add(child);
      child.once('exit', () => running.delete(child));
      child.once('error', () => running.delete(child));
    },
    has: (child) => running.has(child),
    stopAll: () => {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

/** One list for the whole process, because its last moment is one, too. */
export const runningChildren: RunningChildren = watchChildren();
