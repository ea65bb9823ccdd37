import { PatchbayError } from '@patchbay/core';
import type { Clock } from '@patchbay/core/adapter';
import type { Input, OperationName, Output } from '../operations.ts';
import type { Call, FromThread, ThreadOptions, ToThread } from './protocol.ts';

/** A thread that was started. */
export interface StartedThread {
  postMessage(message: ToThread): void;
  /** Keeps the process alive, or no more. */
  ref(): void;
  unref(): void;
  terminate(): Promise<unknown>;
}

/** Hears of a thread. */
export interface ThreadListener {
  message(message: FromThread): void;
  /** Called once, with what ended it, where something did. */
  ended(fault: unknown): void;
}

/** Calls to the thread that owns the file. */
export interface DatabaseThread {
  /** Rejects with what the operation refuses, and with a retryable `storage_unavailable` where the thread ends before it answers. */
  call<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Output<Name>>;
  /** Makes the tables where they are not there. */
  ready(): Promise<void>;
  /** Calls the listener when another process has committed something. Returns what ends it. */
  watch(listener: () => void): () => void;
  /** Lets what is under way end, closes the file and ends the thread. */
  close(): Promise<void>;
}

/** What {@link databaseThread} stands on. */
export interface DatabaseThreadOptions {
  readonly thread: ThreadOptions;
  /** Collects the calls of one turn of the event loop. */
  readonly clock: Pick<Clock, 'nextTurn'>;
  /** The time that goes with a call; `null`: the thread reads the machine's. */
  readonly now: () => number | null;
  /** Starts the thread; a test puts another in its place. */
  readonly start: (options: ThreadOptions, listener: ThreadListener) => StartedThread;
}

interface Caller {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const threadEnded = (cause: unknown): PatchbayError => {
  const message = 'The thread of the storage ended before it answered. Repeat the call: a new thread is started for it.';
  return new PatchbayError({ code: 'storage_unavailable', message, retryable: true, ...(cause === undefined ? {} : { cause }) });
};

const notCloneable = (cause: unknown): PatchbayError => {
  const message = 'The storage was handed a value that cannot be sent to its thread. Hand in plain data, without functions.';
  return new PatchbayError({ code: 'invalid_argument', message, cause });
};

const closed = (): PatchbayError => {
  const message = 'The storage has been closed. Make a new one with sqliteStorage() to go on with its file.';
  return new PatchbayError({ code: 'not_ready', message });
};

/** Who waits for answers. */
interface Callers {
  add(caller: Caller): number;
  count(): number;
  resolve(id: number, output: unknown): void;
  reject(id: number, error: unknown): void;
  /** Rejects everybody but those. */
  rejectOthers(ids: ReadonlySet<number>, error: unknown): void;
}

/** Nobody waits yet. `idle` is called when the last one has been answered. */
function createCallers(idle: () => void): Callers {
  const waiting = new Map<number, Caller>();
  let lastId = 0;
  const take = (id: number): Caller | undefined => {
    const caller = waiting.get(id);
    if (waiting.delete(id) && waiting.size === 0) idle();
    return caller;
  };
  return {
    add(caller) {
      lastId += 1;
      waiting.set(lastId, caller);
      return lastId;
    },
    count: () => waiting.size,
    resolve: (id, output) => take(id)?.resolve(output),
    reject: (id, error) => take(id)?.reject(error),
    rejectOthers(ids, error) {
      for (const id of [...waiting.keys()]) if (!ids.has(id)) take(id)?.reject(error);
    },
  };
}

/** The thread as calls and watchers see it: there whenever it is needed. */
interface Line {
  readonly watchers: Set<() => void>;
  send(name: Call['name'], input: unknown): Promise<unknown>;
  /** Tells a thread that is there whether to look for commits of others. */
  watch(on: boolean): void;
  /** True where no thread was started, or none is left, and nothing waits for one. */
  idle(): boolean;
  end(): Promise<void>;
}

function openLine({ thread, clock, now, start }: DatabaseThreadOptions): Line {
  const watchers = new Set<() => void>();
  let worker: StartedThread | null = null;
  let outbox: Call[] = [];
  const callers = createCallers(() => worker?.unref());

  const receive = (message: FromThread): void => {
    if ('changed' in message) {
      for (const watcher of [...watchers]) watcher();
      return;
    }
    for (const answer of message.answers) {
      if ('refusal' in answer) callers.reject(answer.id, new PatchbayError(answer.refusal));
      else callers.resolve(answer.id, answer.output);
    }
  };

  const begin = (): StartedThread => {
    const made = start(thread, {
      message: receive,
      ended(fault) {
        if (worker !== made) return;
        worker = null;
        // What stands in the outbox still was never sent: it goes to the next thread.
        callers.rejectOthers(new Set(outbox.map(({ id }) => id)), threadEnded(fault));
      },
    });
    made.unref();
    if (watchers.size > 0) made.postMessage({ watch: true });
    return made;
  };

  const post = (to: StartedThread, calls: readonly Call[]): void => {
    try {
      to.postMessage({ calls });
    } catch (error) {
      // One value that cannot be sent holds up no other call.
      if (calls.length > 1) for (const call of calls) post(to, [call]);
      else for (const { id } of calls) callers.reject(id, notCloneable(error));
    }
  };

  const flush = (): void => {
    const calls = outbox;
    outbox = [];
    if (calls.length === 0) return;
    try {
      worker ??= begin();
    } catch (error) {
      for (const { id } of calls) callers.reject(id, threadEnded(error));
      return;
    }
    worker.ref();
    post(worker, calls);
  };

  return {
    watchers,
    send: (name, input) =>
      new Promise((resolve, reject) => {
        outbox.push({ id: callers.add({ resolve, reject }), name, input, now: now() });
        if (outbox.length === 1) clock.nextTurn(flush);
      }),
    watch: (on) => worker?.postMessage({ watch: on }),
    idle: () => worker === null && outbox.length === 0,
    async end() {
      const ended = worker;
      worker = null;
      await ended?.terminate();
    },
  };
}

/**
 * Starts the thread with the first call, and again with the first call after it died. It keeps the process alive only while calls are
 * under way.
 */
export function databaseThread(options: DatabaseThreadOptions): DatabaseThread {
  const line = openLine(options);
  const { watchers } = line;
  let closing: Promise<void> | null = null;

  const send = (name: Call['name'], input: unknown): Promise<unknown> =>
    closing === null ? line.send(name, input) : Promise.reject(closed());

  const end = async (): Promise<void> => {
    watchers.clear();
    if (!line.idle()) await line.send('close', null).catch(() => undefined);
    await line.end();
  };

  return {
    // The thread answers a call with what its operation returns, which the types of both sides say.
    call: <Name extends OperationName>(name: Name, input: Input<Name>) => send(name, input) as Promise<Output<Name>>,
    async ready() {
      await send('ready', null);
    },
    watch(listener) {
      const own = (): void => listener();
      watchers.add(own);
      if (watchers.size === 1) line.watch(true);
      return () => {
        if (watchers.delete(own) && watchers.size === 0) line.watch(false);
      };
    },
    close() {
      closing ??= end();
      return closing;
    },
  };
}
