import { MessageChannel } from 'node:worker_threads';
import { type Clock, fullRetention, type Storage, systemClock } from '@patchbay/core/adapter';
import { storageOver } from '../../src/storage-over.ts';
import { databaseThread, type StartedThread, type ThreadListener } from '../../src/thread/database-thread.ts';
import type { FromThread, ThreadOptions, ToThread } from '../../src/thread/protocol.ts';
import { serve } from '../../src/thread/serve.ts';

/** The thread's side in the test's own thread, where coverage and mutants reach it. Messages are copied as between threads. */
function startHere(options: ThreadOptions, listener: ThreadListener): StartedThread {
  const { port1: host, port2: thread } = new MessageChannel();
  const answer = serve({
    options,
    clock: systemClock,
    random: () => 0.5,
    post: (message: FromThread) => thread.postMessage(message),
    ended: () => thread.close(),
  });
  thread.on('message', answer);
  host.on('message', (message) => listener.message(message));
  host.on('close', () => listener.ended(undefined));
  return {
    postMessage: (message: ToThread) => host.postMessage(message),
    ref: () => host.ref(),
    unref: () => undefined,
    terminate: async () => thread.close(),
  };
}

/** A storage like that of `sqliteStorage`, without a thread of its own. */
export function storageHere(options: { readonly file: string; readonly clock: Clock; readonly busyMs?: number }): Storage {
  const thread = databaseThread({
    thread: { file: options.file, busyMs: options.busyMs ?? 5_000 },
    clock: options.clock,
    now: () => options.clock.now(),
    start: startHere,
  });
  return storageOver({ thread, clock: options.clock, retention: fullRetention() });
}
