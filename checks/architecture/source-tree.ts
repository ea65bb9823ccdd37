import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The text of every file that the repository keeps, by its path from the root. A rule sees nothing else, so a fixture can stand in for it. */
export type SourceTree = ReadonlyMap<string, string>;

/** The root of this repository, without a slash at its end. */
export const repositoryRoot: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Makes a tree of a few files, for a rule's own tests. */
export const fixtureTree = (files: Readonly<Record<string, string>>): SourceTree => new Map(Object.entries(files));

/** Reads everything below `root` but what .gitignore names. The list there is plain names only, which this relies on. */
export function readSourceTree(root: string = repositoryRoot): SourceTree {
  const ignored = new Set(['.git', ...readFileSync(join(root, '.gitignore'), 'utf8').split('\n')]);
  const tree = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (ignored.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) tree.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  walk('');
  return tree;
}

/** A file of tests or of their material, which the rules for shipped code leave alone. */
export const isTestFile = (path: string): boolean => /\.test(-d)?\.ts$|\/__fixtures__\/|^packages\/[^/]+\/test\//.test(path);
