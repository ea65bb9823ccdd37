// Lets a child process import the packages' sources, as the tests do, with the mutant in them that the tests are run with.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const root = new URL('../../../../', import.meta.url);
const wanted = process.env['PATCHBAY_MUTANT'] ?? '';

function readMutant(): Mutant | undefined {
  if (wanted === '') return undefined;
  const mutants: readonly Mutant[] = JSON.parse(readFileSync(new URL('scripts/mutants.json', root), 'utf8'));
  return mutants.find(({ name }) => name === wanted);
}

const mutant = readMutant();
const mutated = mutant && new URL(mutant.file, root).href;

registerHooks({
  resolve(specifier, context, next) {
    const [, name, entry = 'index'] = /^@patchbay\/([a-z0-9-]+)(?:\/([a-z0-9-]+))?$/.exec(specifier) ?? [];
    if (name === undefined) return next(specifier, context);
    return { url: new URL(`packages/${name}/src/${entry}.ts`, root).href, shortCircuit: true };
  },
  load(url, context, next) {
    if (mutant === undefined || url !== mutated) return next(url, context);
    const source = readFileSync(fileURLToPath(url), 'utf8').split(mutant.find).join(mutant.replace);
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
