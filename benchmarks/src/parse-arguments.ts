import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface BenchmarkArguments {
  readonly names: readonly string[];
  readonly json: boolean;
  readonly quick: boolean;
  readonly baselinesOnly: boolean;
  /** Makes a ratio that misses its reach a failure of the command. */
  readonly check: boolean;
}

/** Printed when the arguments are wrong. */
export const usage = 'usage: npm run bench -- [NAME...] [--json] [--quick] [--baselines] [--check]';

/**
 * Parses the arguments after the script's name. No name means all, and a name stands for its variants, too: `pipeline-postgres` for
 * `pipeline-postgres-8kb` besides. A name not in `known` throws a RangeError that lists them.
 */
export function parseArguments(words: readonly string[], known: readonly string[]): BenchmarkArguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      baselines: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new RangeError(`There is no benchmark ${unknown.join(', ')}. Choose from: ${known.join(', ')}.`);
  const isWanted = (name: string): boolean => positionals.some((word) => name === word || name.startsWith(`${word}-`));
  const names = positionals.length > 0 ? known.filter(isWanted) : known;
  return { names, json: values.json, quick: values.quick, baselinesOnly: values.baselines, check: values.check };
}
