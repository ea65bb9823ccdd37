import { simulate } from './simulate.ts';

/** Histories in an ordinary run. */
const ordinary = 200;
/** Histories in a nightly run, as many as fit its time. */
const nightly = 100_000;
const nightlyMs = 30 * 60_000;

/** Milliseconds after which the runner gives a nightly run up. */
export const patienceMs: number = nightlyMs + 300_000;

/** Which histories a run is for: `PATCHBAY_SEED` names one, `PATCHBAY_NIGHTLY` asks for as many as fit half an hour. */
export function seedsOf(environment: NodeJS.ProcessEnv, remainder: 0 | 1): { readonly seeds: readonly number[]; readonly forMs: number } {
  const wanted = environment['PATCHBAY_SEED'];
  if (wanted !== undefined) {
    const seed = Number(wanted);
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`PATCHBAY_SEED is a whole number, and ${wanted} is none.`);
    return { seeds: seed % 2 === remainder ? [seed] : [], forMs: Number.POSITIVE_INFINITY };
  }
  const isNightly = environment['PATCHBAY_NIGHTLY'] === '1';
  const count = (isNightly ? nightly : ordinary) / 2;
  const seeds = Array.from({ length: count }, (_, index) => 2 * index + remainder);
  return { seeds, forMs: isNightly ? nightlyMs : Number.POSITIVE_INFINITY };
}

/**
 * Lives through histories until one breaks a promise, all are over, or the time is. Answers how many; throws with the seed of the first bad
 * one, what it broke, and how it is played again. A single one is told line by line.
 */
export async function liveThrough(seeds: readonly number[], forMs: number): Promise<number> {
  const since = performance.now();
  let count = 0;
  for (const seed of seeds) {
    const { trace, faults } = await simulate(seed);
    if (seeds.length === 1) process.stdout.write(`${trace.join('\n')}\n`);
    if (faults.length > 0) throw new Error(describeFaults(seed, faults));
    count += 1;
    if (performance.now() - since > forMs) break;
  }
  return count;
}

function describeFaults(seed: number, faults: readonly string[]): string {
  const replay = `PATCHBAY_SEED=${seed} npm exec -- vitest run --project core-tests-isolated`;
  return [`History ${seed} breaks promises. Play it again, told line by line: ${replay}`, ...faults].join('\n  ');
}
