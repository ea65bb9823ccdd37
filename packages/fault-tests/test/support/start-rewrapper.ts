import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that rewraps. */
export interface Rewrapper {
  readonly lines: readonly string[];
  /** What it wrote to stderr, the last of it. */
  complaints(): string;
  /** How it ended; `undefined` while it lives. */
  signal(): string | undefined;
  /** Ends it without a warning. Resolves when it is gone. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('../program/rewrapper.ts', import.meta.url));
const hooks = new URL('source-hooks.ts', import.meta.url).href;

/** Starts one over a file, from a cursor or from the beginning. */
export function startRewrapper({ file, cursor }: { readonly file: string; readonly cursor: string }): Rewrapper {
  const child = spawn(process.execPath, ['--import', hooks, program, file, cursor], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let complaints = '';
  let end: string | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = `${complaints}${chunk.toString()}`.slice(-4_000);
  });
  const closed = once(child, 'close').then(([code, signal]) => {
    end = String(signal ?? code);
  });
  return {
    lines,
    complaints: () => complaints,
    signal: () => end,
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
