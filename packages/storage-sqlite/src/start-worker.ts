import { Worker } from 'node:worker_threads';
import type { StartedThread, ThreadListener } from './thread/database-thread.ts';
import type { ThreadOptions } from './thread/protocol.ts';

/** Starts the thread that owns the file. Flags of the host's process are not for it. */
export function startWorker(options: ThreadOptions, listener: ThreadListener): StartedThread {
  // The sources are run as they are by tests, the package is built.
  const program = import.meta.url.endsWith('.ts') ? './database-worker.ts' : './database-worker.js';
  const worker = new Worker(new URL(program, import.meta.url), { workerData: options, execArgv: [], name: 'patchbay-storage' });
  let fault: unknown;
  worker.on('message', (message) => listener.message(message));
  worker.on('error', (error) => {
    fault = error;
  });
  worker.on('exit', () => listener.ended(fault));
  return worker;
}
