import { posix } from 'node:path';
import { type ModuleMention, parseModule } from './parse-module.ts';
import type { SourceTree } from './source-tree.ts';

/** Where a relative import leads, as a path from the root; undefined for a package's name. */
export const resolveRelative = (from: string, specifier: string): string | undefined =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;

/** All TypeScript files below a folder with what they mention. */
export function* modulesIn(tree: SourceTree, folder: string): Generator<readonly [string, readonly ModuleMention[]]> {
  for (const [path, text] of tree) {
    if (path.startsWith(`${folder}/`) && path.endsWith('.ts')) yield [path, parseModule(path, text).mentions];
  }
}

/** The folders of the workspace's packages. */
export function packageFolders(tree: SourceTree): readonly string[] {
  return [...tree.keys()].filter((path) => /^((packages|examples)\/[^/]+|benchmarks|checks)\/package\.json$/.test(path)).map(posix.dirname);
}
