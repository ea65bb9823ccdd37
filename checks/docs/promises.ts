import type { SourceTree } from '../architecture/source-tree.ts';
import { relativeLinks } from './links.ts';
import { sectionsOf } from './markdown.ts';

const document = 'docs/guarantees.md';

/** A file that holds a promise: a test, or a part of a suite that every storage or connector runs. */
const isTest = (path: string): boolean => /\.test\.ts$|^packages\/testing\/src\/[a-z]+-suite\/[a-z-]+-concern\.ts$/.test(path);

/** A promise of `docs/guarantees.md` and the tests that its section names. */
export interface NamedTests {
  readonly promise: string;
  readonly tests: readonly string[];
}

/** The promises with the tests that they name and that are there. */
export function promises(tree: SourceTree): readonly NamedTests[] {
  const chapter = sectionsOf(tree.get(document) ?? '').find(({ title }) => title === 'The promises')?.text ?? '';
  return sectionsOf(chapter)
    .filter(({ level }) => level === 3)
    .map(({ title, text }) => ({
      promise: title,
      tests: relativeLinks(document, text)
        .map(({ path }) => path)
        .filter((path) => isTest(path) && tree.has(path)),
    }));
}
