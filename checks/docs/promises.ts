import type { SourceTree } from '../architecture/source-tree.ts';
import { relativeLinks } from './links.ts';
import { sectionsOf } from './markdown.ts';

const document = 'docs/guarantees.md';

/** A file that holds a promise: a test, or a part of a suite that every storage or connector runs. */
const isTest = (path: string): boolean => /\.test\.ts$|^packages\/testing\/src\/[a-z]+-suite\/[a-z-]+-concern\.ts$/.test(path);

/** The line of a section that names mutants of `scripts/mutants.json`, each in backquotes. */
const mutantLine = /^Mutants: (.*)$/m;

/** A promise of `docs/guarantees.md` with the tests and the mutants that its section names. */
export interface NamedTests {
  readonly promise: string;
  readonly tests: readonly string[];
  readonly mutants: readonly string[];
}

/** The promises with the tests that they name and that are there, and the mutants that they name. */
export function promises(tree: SourceTree): readonly NamedTests[] {
  const chapter = sectionsOf(tree.get(document) ?? '').find(({ title }) => title === 'The promises')?.text ?? '';
  return sectionsOf(chapter)
    .filter(({ level }) => level === 3)
    .map(({ title, text }) => ({
      promise: title,
      tests: relativeLinks(document, text)
        .map(({ path }) => path)
        .filter((path) => isTest(path) && tree.has(path)),
      mutants: mutantsIn(text),
    }));
}

function mutantsIn(text: string): readonly string[] {
  return [...(mutantLine.exec(text)?.[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

/** Mutants that promises name and `scripts/mutants.json` does not have. */
export function unknownMutants(tree: SourceTree): readonly string[] {
  const mutants: readonly { readonly name: string }[] = JSON.parse(tree.get('scripts/mutants.json') ?? '[]');
  const known = new Set(mutants.map(({ name }) => name));
  return promises(tree)
    .flatMap((promise) => promise.mutants)
    .filter((name) => !known.has(name));
}
