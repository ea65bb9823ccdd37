import type { RunKey, RunRecord } from '../contracts/dispatch-records.ts';
import type { RunChange } from '../contracts/run-change.ts';

/** Lets the outcomes of one run be written one after another in this process, each upon the run as the one before has left it. */
export interface RunTurns {
  /** Calls `write` with the run as it is known here, once all before it have been written. */
  take<Result extends { readonly run: RunChange | null } | null>(
    run: RunRecord,
    write: (run: RunRecord) => Promise<Result>,
  ): Promise<Result>;
}

interface Turn {
  /** Resolves with the run as the last one has left it; never rejects. */
  readonly ended: Promise<RunRecord>;
}

/** Makes one. It knows a run as long as an outcome of it is on its way. */
export function createRunTurns(): RunTurns {
  const turns = new Map<string, Turn>();
  return {
    async take(run, write) {
      const name = nameOf(run.key);
      const before = turns.get(name);
      const { promise: ended, resolve } = Promise.withResolvers<RunRecord>();
      const turn = { ended };
      turns.set(name, turn);
      const known = before === undefined ? run : newer(run, await before.ended);
      try {
        const written = await write(known);
        resolve(written?.run ? after(known, written.run) : known);
        return written;
      } catch (error) {
        resolve(known);
        throw error;
      } finally {
        if (turns.get(name) === turn) turns.delete(name);
      }
    },
  };
}

const nameOf = ({ tenant, root, automation, replay }: RunKey): string => [tenant, root, automation, replay].join('\u0000');

const newer = (left: RunRecord, right: RunRecord): RunRecord => (right.revision > left.revision ? right : left);

/** A run that has been changed. When it ended only the store knows, and nobody here asks. */
function after(run: RunRecord, { revision, status, state, error }: RunChange): RunRecord {
  return { ...run, revision: revision + 1, status, state, error };
}
