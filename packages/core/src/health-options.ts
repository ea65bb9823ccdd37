import { PatchbayError } from './errors/patchbay-error.ts';

/** How the health of connections is looked after. */
export interface HealthOptions {
  /**
   * Milliseconds between two looks at the service of a connection that is used, 10,000 to 86,400,000; one that nobody has used for a day is looked at
   * a quarter as often, one that has failed within a minute. `null`: the hub looks at none by itself. @default 900,000
   */
  readonly checkEveryMs?: number | null;
  /** Looks under way at once in one process, 1 to 1,000. @default 8 */
  readonly concurrency?: number;
  /** Days for which the history of looks is kept, 1 to 3,650. @default 30 */
  readonly historyDays?: number;
}

/** The same with every default filled in. */
export type ResolvedHealthOptions = Required<HealthOptions>;

const bounds: Readonly<Record<keyof HealthOptions, readonly [least: number, most: number]>> = {
  checkEveryMs: [10_000, 86_400_000],
  concurrency: [1, 1_000],
  historyDays: [1, 3_650],
};

/** Fills in the defaults. Throws `invalid_argument` naming the figure that cannot be. */
export function resolveHealth(given: HealthOptions = {}): ResolvedHealthOptions {
  const { checkEveryMs = 900_000, concurrency = 8, historyDays = 30, ...others } = given;
  const resolved = { checkEveryMs, concurrency, historyDays };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(`There is no option health.${unknown.slice(0, 100)}. Leave it out.`);
  for (const [name, [least, most]] of Object.entries(bounds)) {
    const figure: unknown = Reflect.get(resolved, name);
    if (name === 'checkEveryMs' && figure === null) continue;
    if (!Number.isInteger(figure) || Number(figure) < least || Number(figure) > most)
      throw invalid(`The option health.${name} is a whole number from ${least} to ${most}. Correct it.`);
  }
  return resolved;
}

const invalid = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });
