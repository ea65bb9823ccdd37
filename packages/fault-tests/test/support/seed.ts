import { type SeededRandom, seededRandom } from '../../../core-tests/test/simulation/seeded-random.ts';

/** Chance of one experiment, with the seed that gives it again. */
export interface Chance extends SeededRandom {
  /** What to run to make the same choices, for the message of a failure. */
  readonly again: string;
}

/** The seed of PATCHBAY_SEED, else a new one; printed, so that a failure's choices can be made again. */
export function chanceOf(experiment: string): Chance {
  const wanted = process.env['PATCHBAY_SEED'];
  const seed = wanted === undefined ? crypto.getRandomValues(new Uint32Array(1))[0] : Number(wanted);
  if (seed === undefined || !Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`PATCHBAY_SEED is a whole number, and ${wanted} is none.`);
  const again = `PATCHBAY_SEED=${seed} npm exec -- vitest run --project fault-tests ${experiment}`;
  console.log(`${experiment}: ${again}`);
  return { ...seededRandom(seed), again };
}
