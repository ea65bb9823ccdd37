// The program of the thread that owns the file. Everything here belongs to this thread; the host's own process is not touched.
import { randomInt } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers';
import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './thread/serve.ts';

// Node 22 says of node:sqlite alone that it is experimental, once per thread. Every other warning is passed on.
const emitWarning = process.emitWarning;
process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
  if (typeof warning === 'string' && warning.startsWith('SQLite is an experimental feature')) return;
  Reflect.apply(emitWarning, process, [warning, ...rest]);
};

const port = parentPort;
if (port === null) throw new Error('This program runs as a worker thread of the storage.');

const answer = serve({
  options: workerData,
  clock: {
    monotonic: () => Number(process.hrtime.bigint() / 1_000_000n),
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
    nextTurn: (callback) => void setImmediate(callback),
  },
  random: () => randomInt(1_000_000) / 1_000_000,
  post: (message) => port.postMessage(message),
  ended: () => port.close(),
});
port.on('message', answer);
