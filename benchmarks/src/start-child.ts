import { type ChildProcess, fork } from 'node:child_process';
import type { z } from 'zod';
import { runningChildren } from './running-children.ts';

/** A process of the benchmark, spoken to by messages. */
export interface Child {
  readonly name: string;
  /** Sends a message; the child parses it. */
  readonly tell: (message: Readonly<Record<string, unknown>>) => void;
  /** Waits for the child's next message and parses it. Throws when the child ends, fails or stays silent for `withinMs`. */
  readonly hear: <Message>(schema: z.ZodType<Message>, withinMs: number) => Promise<Message>;
  /** Why the child failed, or null while all is well. */
  readonly failure: () => Error | null;
  /** Ends the child and waits until it is gone. */
  readonly stop: () => Promise<void>;
}

/** Keeps the end of what a child prints, to be shown when it fails. */
function keepTail(child: ChildProcess): () => string {
  let tail = '';
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString()).slice(-4_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => tail;
}

/** A queue of messages with at most one reader; `fail` ends it. */
function mailbox(name: string) {
  const waiting: unknown[] = [];
  let failure: Error | null = null;
  let wake: () => void = () => {};
  return {
    put: (message: unknown): void => {
      waiting.push(message);
      wake();
    },
    fail: (error: Error): void => {
      failure ??= error;
      wake();
    },
    failure: () => failure,
    take: async (withinMs: number): Promise<unknown> => {
      const timer = setTimeout(() => {
        failure ??= new Error(`${name} said nothing for ${withinMs} ms.`);
        wake();
      }, withinMs);
      try {
        while (waiting.length === 0) {
          if (failure !== null) throw failure;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        return waiting.shift();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function endChild(child: ChildProcess): Promise<void> {
  if (!runningChildren.has(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 2_000);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    // The child ends by itself when the channel closes, which also holds when this process is killed.
    if (child.connected) child.disconnect();
    else child.kill('SIGKILL');
  });
}

/** Starts the module at `module` in a process of its own, with `settings` as its one argument (JSON). */
export function startChild(settings: { readonly name: string; readonly module: URL; readonly argument: unknown }): Child {
  const { name } = settings;
  const child = fork(settings.module, [JSON.stringify(settings.argument)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  runningChildren.add(child);
  const tail = keepTail(child);
  const box = mailbox(name);
  child.on('message', box.put);
  child.on('error', box.fail);
  child.once('close', (status, signal) => box.fail(new Error(`${name} ended with ${status ?? signal}.\n${tail()}`)));
  return {
    name,
    tell: (message) => child.send(message),
    hear: async (schema, withinMs) => schema.parse(await box.take(withinMs)),
    failure: box.failure,
    stop: () => endChild(child),
  };
}
