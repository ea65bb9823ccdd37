import type { Clock, Timer } from '@patchbay/core/adapter';
import { type CallState, carryOutReads, carryOutWrites } from './carry-out.ts';
import { commitsSeen, commitWatch } from './commit-watch.ts';
import { logKeeper } from './keep-log-small.ts';
import { openFile } from './open-file.ts';
import type { Call, FromThread, ThreadOptions, ToThread } from './protocol.ts';
import { waitingCalls } from './waiting-calls.ts';

/** What the serving side stands on. */
export interface Serving {
  readonly options: ThreadOptions;
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer' | 'nextTurn'>;
  /** A number from 0 up to 1, for the waits between tries. */
  readonly random: () => number;
  readonly post: (message: FromThread) => void;
  /** Called when the file is closed. */
  readonly ended: () => void;
}

/** Longest wait between two tries while another process writes, milliseconds; the first is one, each further one twice as long. */
const longestWaitMs = 20;

/** The file, opened when it is first needed. */
interface LazyFile {
  open(): CallState;
  opened(): CallState | null;
  /** Whether another connection has committed since this was last asked. */
  hasChanged(): boolean;
  close(): void;
}

function lazyFile(file: string): LazyFile {
  let state: CallState | null = null;
  let seen = 0;
  const open = (): CallState => {
    if (state !== null) return state;
    const opened = { ...openFile(file), migrated: false, told: false };
    seen = commitsSeen(opened.session);
    state = opened;
    return opened;
  };
  return {
    open,
    opened: () => state,
    hasChanged() {
      try {
        const before = seen;
        seen = commitsSeen(open().session);
        return seen !== before;
      } catch {
        // What is wrong with the file is told to the next call.
        return false;
      }
    },
    close() {
      state?.database.close();
      state = null;
    },
  };
}

/** Serves calls on one file: everything that waits goes into one transaction, and is answered after its commit. */
export function serve({ options, clock, random, post, ended }: Serving): (message: ToThread) => void {
  const file = lazyFile(options.file);
  const waiting = waitingCalls();
  const keepLogSmall = logKeeper(options.file);
  const watch = commitWatch(clock, file.hasChanged, () => post({ changed: true }));
  let scheduled = false;
  let retry: Timer | null = null;
  let closing: Call | null = null;

  const close = ({ id }: Call): void => {
    watch.turn(false);
    file.close();
    post({ answers: [{ id, output: undefined }] });
    ended();
  };

  const flush = (): void => {
    scheduled = false;
    retry?.cancel();
    retry = null;
    const carryOut = {
      read: (calls: readonly Call[]) => carryOutReads(file.open(), calls),
      write: (calls: readonly Call[]) => carryOutWrites(file.open(), calls),
    };
    const answers = waiting.answer(carryOut, clock.monotonic());
    if (answers.length > 0) post({ answers });
    const opened = file.opened();
    if (opened !== null) keepLogSmall(opened.session);
    goOn(waiting.fewestTries());
  };

  const goOn = (tries: number | null): void => {
    if (tries === 0) flushSoon();
    else if (tries !== null) retry = clock.setTimer(flush, Math.min(longestWaitMs, 2 ** (tries - 1)) * (0.5 + random() / 2));
    else if (closing !== null) close(closing);
  };

  /** Flushes on the next turn, so that what has come in by then is taken along. */
  const flushSoon = (): void => {
    if (scheduled) return;
    scheduled = true;
    clock.nextTurn(flush);
  };

  return (message) => {
    if ('watch' in message) {
      watch.turn(message.watch);
      return;
    }
    const until = clock.monotonic() + options.busyMs;
    for (const call of message.calls) {
      if (call.name === 'close') closing = call;
      else waiting.add(call, until);
    }
    flushSoon();
  };
}
