import { Worker } from 'node:worker_threads';
import type { ScriptJob, ScriptLimits, ThreadWord } from './worker-messages.ts';

/** Heap of a thread's own JavaScript, MiB; a script's memory is the engine's and bounded there. */
const heap = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/** A thread that answers one job at a time. */
export interface ScriptThread {
  ask(job: ScriptJob): void;
  /** Keeps the process alive while there is something to wait for. */
  hold(isHeld: boolean): void;
  end(): void;
}

/** What a thread tells its pool. */
export interface ThreadEars {
  readonly heard: (word: ThreadWord) => void;
  /** It is gone, by itself or because it was ended. */
  readonly gone: () => void;
}

/** Starts a thread, with nothing of this process's environment in it. */
export function startThread(limits: ScriptLimits, { heard, gone }: ThreadEars): ScriptThread {
  const isSource = import.meta.url.endsWith('.ts');
  const worker = new Worker(new URL(isSource ? './script-worker.ts' : './script-worker.js', import.meta.url), {
    workerData: limits,
    env: {},
    execArgv: [],
    resourceLimits: heap,
    // The engine writes what it breaks of; that is no line of the host's log.
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  worker.on('message', heard);
  // What it dies of is told by its end.
  worker.on('error', () => undefined);
  worker.once('exit', gone);
  worker.unref();
  return {
    ask: (job) => worker.postMessage(job),
    hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
    end: () => void worker.terminate().catch(() => undefined),
  };
}
