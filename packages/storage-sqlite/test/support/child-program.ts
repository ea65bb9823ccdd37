import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of this folder in a process of its own. */
export interface ChildProgram {
  readonly process: ChildProcess;
  /** Every line that it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves with the lines when there are so many; rejects when the process ends before. */
  printed(count: number): Promise<readonly string[]>;
  /** Lets it go on where it waits for its input. */
  go(): void;
  /** Resolves with its exit code, `null` where a signal ended it. */
  ended(): Promise<number | null>;
}

const here = new URL('.', import.meta.url);

/** Starts a program. What it prints to stderr goes to the test's. */
export function startProgram(name: string, parameters: readonly string[]): ChildProgram {
  const hooks = new URL('source-hooks.ts', here).href;
  const program = fileURLToPath(new URL(name, here));
  const child = spawn(process.execPath, ['--import', hooks, program, ...parameters], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const looks = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of [...looks]) look();
  });
  const exited = once(child, 'close');
  return {
    process: child,
    lines,
    printed: (count) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (lines.length < count) return;
          looks.delete(look);
          resolve(lines);
        };
        looks.add(look);
        look();
        void exited.then(() => reject(new Error(`${name} ended after ${lines.length} lines.`)));
      }),
    go: () => void child.stdin.write('go\n'),
    ended: async () => {
      const [code] = await exited;
      return typeof code === 'number' ? code : null;
    },
  };
}
