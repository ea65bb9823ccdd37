import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';

/** One deliberate fault: `find`, which stands exactly once in `file` (a path from the root), becomes `replace`. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: { readonly project: string; readonly filter: string };
}

/** Returns the source with the mutant in it. Throws unless `find` occurs exactly once and the replacement differs. */
export function applyMutant(source: string, mutant: Mutant): string {
  const parts = source.split(mutant.find);
  if (mutant.find === '' || parts.length !== 2) {
    const found = mutant.find === '' ? 'an empty text' : `${parts.length - 1} times`;
    throw new Error(
      `Mutant ${mutant.name}: "find" must stand exactly once in ${mutant.file}, found ${found}. Correct scripts/mutants.json.`,
    );
  }
  if (mutant.find === mutant.replace) throw new Error(`Mutant ${mutant.name}: "replace" equals "find". Correct scripts/mutants.json.`);
  return parts.join(mutant.replace);
}

/**
 * Puts the named mutant of scripts/mutants.json into its file whenever the test runner loads that file. Without a name it does nothing.
 * Throws at once for an unknown name and for a mutant that does not fit its file, so that no run passes for the wrong reason.
 */
export function mutantPlugin(name: string | undefined, root: string = fileURLToPath(new URL('..', import.meta.url))): Plugin[] {
  if (name === undefined || name === '') return [];
  const mutants: readonly Mutant[] = JSON.parse(readFileSync(join(root, 'scripts/mutants.json'), 'utf8'));
  const mutant = mutants.find((candidate) => candidate.name === name);
  if (mutant === undefined) throw new Error(`No mutant is called "${name}". Take a name from scripts/mutants.json.`);
  const path = join(root, mutant.file);
  applyMutant(readFileSync(path, 'utf8'), mutant);
  return [
    {
      name: 'patchbay-mutant',
      enforce: 'pre',
      load(id) {
        return id.split('?')[0] === path ? applyMutant(readFileSync(path, 'utf8'), mutant) : undefined;
      },
    },
  ];
}
