import { statSync } from 'node:fs';
import type { Clock, Timer } from '@patchbay/core/adapter';
import { Refusal } from '../sql/refusal.ts';
import { number } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { isBusy, refusalOf } from '../sql/sqlite-fault.ts';
import { type CallState, carryOutRead, carryOutWrites, isRead } from './carry-out.ts';
import { openFile } from './open-file.ts';
import type { Answer, Call, FromThread, ThreadOptions, ToThread } from './protocol.ts';

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

/** Most calls in one transaction: those behind them wait for one commit more, and others come to their turn. */
const mostCalls = 256;

/** Longest wait between two tries while another process writes, milliseconds; the first is one, each further one twice as long. */
const longestWaitMs = 20;

/** Milliseconds between two looks for what other processes have committed. */
const watchMs = 25;

/** Commits between two looks at the size of the write-ahead log. */
const commitsPerLook = 500;

/** Size of the write-ahead log from which it is emptied by force, bytes. SQLite's own checkpoints mostly keep it at 4 MiB. */
const largestLogBytes = 128 * 1024 * 1024;

interface Waiting {
  readonly call: Call;
  readonly until: number;
  tries: number;
}

/** A number that changes with every commit of another connection. */
const versionOf = (session: Session): number => {
  const row = session.get('pragma data_version');
  return row === undefined ? 0 : number(row, 'data_version');
};

/** Serves calls on one file: everything that waits goes into one transaction, and is answered after its commit. */
export function serve({ options, clock, random, post, ended }: Serving): (message: ToThread) => void {
  let state: CallState | null = null;
  let waiting: Waiting[] = [];
  let scheduled = false;
  let retry: Timer | null = null;
  let closing: Call | null = null;
  let seen = 0;
  let looking: Timer | null = null;
  let commits = 0;

  const open = (): CallState => {
    if (state !== null) return state;
    const opened = openFile(options.file);
    state = { ...opened, migrated: false, told: false };
    seen = versionOf(opened.session);
    return state;
  };

  const keepLogSmall = ({ session }: CallState): void => {
    commits += 1;
    if (commits % commitsPerLook !== 0) return;
    const log = statSync(`${options.file}-wal`, { throwIfNoEntry: false });
    if (log !== undefined && log.size > largestLogBytes) session.get('pragma wal_checkpoint(truncate)');
  };

  /** Answers what can be answered; the others stay. */
  const tryOut = (
    calls: readonly Waiting[],
    carryOut: (state: CallState, calls: readonly Call[]) => readonly Answer[] | 'busy',
  ): Answer[] => {
    if (calls.length === 0) return [];
    let answers: readonly Answer[] | 'busy';
    try {
      answers = carryOut(
        open(),
        calls.map(({ call }) => call),
      );
    } catch (error) {
      const refusal = refusalOf(error);
      answers = isBusy(error) ? 'busy' : calls.map(({ call: { id } }) => ({ id, refusal }));
    }
    if (answers !== 'busy') {
      const done = new Set(calls);
      waiting = waiting.filter((one) => !done.has(one));
      return [...answers];
    }
    for (const one of calls) one.tries += 1;
    return giveUp();
  };

  const giveUp = (): Answer[] => {
    const now = clock.monotonic();
    const late = waiting.filter(({ until, tries }) => tries > 0 && until <= now);
    waiting = waiting.filter((one) => !late.includes(one));
    const message = 'Another process kept the file of the storage locked. Repeat the call; let few processes share one file.';
    const { record } = new Refusal({ code: 'storage_unavailable', message, retryable: true });
    return late.map(({ call: { id } }) => ({ id, refusal: record }));
  };

  const flush = (): void => {
    scheduled = false;
    retry?.cancel();
    retry = null;
    const answers: Answer[] = [];
    for (const one of waiting.filter(({ call }) => isRead(call))) {
      answers.push(...tryOut([one], (opened, calls) => calls.map((call) => carryOutRead(opened, call)).find(() => true) ?? []));
    }
    const writing = waiting.filter(({ call }) => !isRead(call)).slice(0, mostCalls);
    answers.push(...tryOut(writing, carryOutWrites));
    if (answers.length > 0) post({ answers });
    if (state !== null && answers.length > 0) keepLogSmall(state);
    if (waiting.length > 0) tryAgain();
    else if (closing !== null) close(closing);
  };

  /** Flushes on the next turn, so that what has come in by then is taken along. */
  const flushSoon = (): void => {
    if (scheduled) return;
    scheduled = true;
    clock.nextTurn(flush);
  };

  const tryAgain = (): void => {
    const tries = Math.min(...waiting.map((one) => one.tries));
    if (tries === 0) flushSoon();
    else retry = clock.setTimer(flush, Math.min(longestWaitMs, 2 ** (tries - 1)) * (0.5 + random() / 2));
  };

  const close = ({ id }: Call): void => {
    looking?.cancel();
    looking = null;
    state?.database.close();
    state = null;
    post({ answers: [{ id, output: undefined }] });
    ended();
  };

  const look = (): void => {
    looking = clock.setTimer(look, watchMs);
    try {
      const version = versionOf(open().session);
      if (version === seen) return;
      seen = version;
      post({ changed: true });
    } catch {
      // The next look finds it.
    }
  };

  return (message) => {
    if ('watch' in message) {
      looking?.cancel();
      looking = message.watch ? clock.setTimer(look, 0) : null;
      return;
    }
    const until = clock.monotonic() + options.busyMs;
    for (const call of message.calls) {
      if (call.name === 'close') closing = call;
      else waiting.push({ call, until, tries: 0 });
    }
    flushSoon();
  };
}
