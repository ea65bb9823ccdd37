import { PatchbayError } from '@patchbay/core';
import type { ScriptRunner } from '@patchbay/core/host';
import { ScriptPool } from './script-pool.ts';

/** What a script may take, and how many run at once. */
export interface QuickjsOptions {
  /** Threads, 1 to 16; a script that runs has one for itself. They begin when the first script comes. @default 2 */
  readonly workers?: number;
  /** Scripts that wait for a thread before further ones are refused, 0 to 10,000. @default 100 */
  readonly maximumWaiting?: number;
  /** Work of one script, in units of 10,000 calls and turns of loops, 1 to 1,000,000. It is counted, so a slow machine changes nothing. @default 5,000 */
  readonly fuel?: number;
  /** Memory of one script, bytes, 1 MiB to 256 MiB. @default 16,777,216 */
  readonly memoryBytes?: number;
  /** Stack of one script, bytes, 64 KiB to 512 KiB. @default 262,144 */
  readonly stackBytes?: number;
  /** Longest result, characters of its JSON text, 1 to 1,048,576. @default 262,144 */
  readonly outputLength?: number;
  /** Milliseconds until a script is ended, whatever it is at, 10 to 60,000. @default 5,000 */
  readonly deadlineMs?: number;
}

const usual: Required<QuickjsOptions> = {
  workers: 2,
  maximumWaiting: 100,
  fuel: 5_000,
  memoryBytes: 16_777_216,
  stackBytes: 262_144,
  outputLength: 262_144,
  deadlineMs: 5_000,
};

const bounds: Readonly<Record<keyof QuickjsOptions, readonly [least: number, most: number]>> = {
  workers: [1, 16],
  maximumWaiting: [0, 10_000],
  fuel: [1, 1_000_000],
  memoryBytes: [1_048_576, 268_435_456],
  stackBytes: [65_536, 524_288],
  outputLength: [1, 1_048_576],
  deadlineMs: [10, 60_000],
};

/**
 * Runs scripts in QuickJS compiled to WebAssembly, each in a runtime of its own inside a worker thread: `createHub({ scripts: quickjsScripts() })`. A script has
 * ECMAScript and its input, and nothing else. Throws `invalid_argument`.
 */
export function quickjsScripts(options: QuickjsOptions = {}): ScriptRunner {
  const { workers, maximumWaiting, deadlineMs, ...limits } = checked(options);
  const pool = new ScriptPool({ workers, maximumWaiting, deadlineMs, limits });
  return {
    run: ({ source, input, time, seed, clock, signal }) => pool.ask({ kind: 'run', source, input, time, seed }, { clock, signal }),
    async check({ source, clock, signal }) {
      const answer = await pool.ask({ kind: 'check', source }, { clock, signal });
      return answer.ok ? null : { message: answer.message, at: answer.at };
    },
    close: async () => pool.close(),
  };
}

function checked(options: QuickjsOptions): Required<QuickjsOptions> {
  const figures = { ...usual, ...options };
  for (const [name, figure] of Object.entries(figures)) {
    const [least, most] = Object.hasOwn(bounds, name) ? bounds[name as keyof QuickjsOptions] : [1, 0];
    if (Number.isInteger(figure) && figure >= least && figure <= most) continue;
    const message =
      least > most
        ? `There is no option ${name.slice(0, 100)} of quickjsScripts. Leave it out.`
        : `The option ${name} of quickjsScripts is a whole number from ${least} to ${most}.`;
    throw new PatchbayError({ code: 'invalid_argument', message });
  }
  return figures;
}
