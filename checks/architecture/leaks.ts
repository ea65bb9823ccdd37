import { homedir, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { repositoryRoot, type SourceTree } from './source-tree.ts';

const escapePattern = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Patterns that must stand in no file. Spelled in parts, for this file is one of those that are read. */
export function forbiddenPatterns(registry: string | undefined): ReadonlyMap<string, RegExp> {
  const hosts = [
    'registry\\.npm' + 'js\\.org',
    'registry\\.yarn' + 'pkg\\.com',
    'npm\\.pkg\\.github' + '\\.com',
    'registry\\.npm' + 'mirror',
  ];
  const configured = registry === undefined ? '' : new URL(registry).hostname;
  if (configured !== '' && configured !== 'localhost') hosts.push(`\\b${escapePattern(configured)}\\b`);
  const homes = ['\\/ho' + 'me\\/[a-z]', '\\/Us' + 'ers\\/[A-Za-z]', '\\/ro' + 'ot\\/', '[A-Z]:\\\\Us' + 'ers\\\\'];
  const parents = [dirname(repositoryRoot), homedir()].filter((path) => path.length > 1 && !tmpdir().startsWith(path));
  const here = [`${escapePattern(repositoryRoot)}\\b`, ...parents.map((path) => `${escapePattern(path)}\\/`)];
  return new Map([
    ['the host name of a package registry', new RegExp(hosts.join('|'))],
    ['a path of some machine', new RegExp(`(?<![\\w.)}])(${[...homes, ...here].join('|')})`)],
  ]);
}

const unfinished = /\b(TO[D]O|FIX[M]E|X[X]X)\b/;

/** Files that name a package registry's host, a path of somebody's machine, or work left undone. */
export function findLeaks(tree: SourceTree, registry: string | undefined = process.env['npm_config_registry']): readonly string[] {
  const patterns = forbiddenPatterns(registry);
  return [...tree].flatMap(([path, text]) => {
    // A provider's own example may hold such a word.
    const notes: readonly (readonly [string, RegExp])[] = path.includes('/__fixtures__/')
      ? []
      : [['a note of unfinished work', unfinished]];
    return [...patterns, ...notes].flatMap(([what, pattern]) => {
      const match = pattern.exec(text);
      return match === null ? [] : [`${path}:${text.slice(0, match.index).split('\n').length}: ${what} (${match[0]})`];
    });
  });
}
