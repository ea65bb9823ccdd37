import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { WorkerSettings } from './worker-settings.ts';

/** A worker in a process of its own. */
export interface WorkerProcess {
  readonly name: string;
  readonly process: ChildProcess;
  /** Every line that it has printed. */
  readonly lines: readonly string[];
  /** What it wrote to stderr, the last of it. */
  readonly complaints: () => string;
  /** Port of its webhook door; `undefined` until it is ready. */
  readonly port: () => number | undefined;
  /** Name under which it holds leases; `undefined` until it has asked for some. */
  readonly holder: () => string | undefined;
  /** Whether somebody has asked it to end. */
  readonly isCondemned: () => boolean;
  /** How it ended; `undefined` while it lives. */
  readonly end: () => { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined;
  tell(line: string): void;
  /** Ends it without a warning. Resolves when it is gone. */
  kill(): Promise<void>;
}

const here = new URL('.', import.meta.url);
const program = fileURLToPath(new URL('../program/worker.ts', here));

/** How a program is started: its file, and the hooks that load what it imports. */
export interface Program {
  readonly file: string;
  readonly hooks: string;
}

const present: Program = { file: program, hooks: new URL('source-hooks.ts', here).href };

const afterWord = (lines: readonly string[], word: string): string | undefined =>
  lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);

/** Starts a worker of this build, or of another one. */
export function startWorker(settings: WorkerSettings, { file, hooks }: Program = present): WorkerProcess {
  // Workers come and go; what they compile is kept for the next.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'patchbay-fault-tests-cache') };
  const child = spawn(process.execPath, ['--import', hooks, file, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'pipe'], env });
  const lines: string[] = [];
  let complaints = '';
  let isCondemned = false;
  let end: ReturnType<WorkerProcess['end']>;
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = `${complaints}${chunk.toString()}`.slice(-4_000);
  });
  // A process that is gone takes no more words; its end is seen elsewhere.
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close').then(([code, signal]) => {
    end = { code, signal };
  });
  return {
    name: settings.name,
    process: child,
    lines,
    complaints: () => complaints,
    port: () => {
      const port = afterWord(lines, 'ready');
      return port === undefined ? undefined : Number(port);
    },
    holder: () => afterWord(lines, 'holder'),
    isCondemned: () => isCondemned,
    end: () => end,
    tell(line) {
      if (line === 'stop') isCondemned = true;
      child.stdin.write(`${line}\n`);
    },
    async kill() {
      isCondemned = true;
      child.kill('SIGKILL');
      await closed;
    },
  };
}
