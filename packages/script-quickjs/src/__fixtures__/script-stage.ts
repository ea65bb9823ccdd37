import type { ScriptRun, ScriptRunner } from '@patchbay/core/host';

/** The machine's clock, as a hub would hand it in. */
export const machineClock: ScriptRun['clock'] = {
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** 14 November 2023, 22:13:20 UTC. */
export const runTime = 1_700_000_000_000;

/** Runs a script with what a test does not care about filled in. */
export function runOf(runner: ScriptRunner, source: string, given: Partial<ScriptRun> & { readonly with?: unknown } = {}) {
  const { with: input = null, ...rest } = given;
  const { signal } = new AbortController();
  return runner.run({ source, input: JSON.stringify(input), time: runTime, seed: 'a seed', clock: machineClock, signal, ...rest });
}
