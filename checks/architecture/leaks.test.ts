import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import { findLeaks } from './leaks.ts';
import { fixtureTree, repositoryRoot } from './source-tree.ts';

const leaksOf = (text: string, registry?: string) => findLeaks(fixtureTree({ 'docs/a.md': `first\n${text}\n` }), registry);

const registry = 'the host name of a package registry';
const path = 'a path of some machine';
const unfinished = 'a note of unfinished work';

// In parts, for this file is read by the rule as well.
it.each([
  [registry, `resolved https://${'registry'}.${'npm'}js.org/undici`],
  [registry, `https://${'registry'}.${'yarn'}pkg.com`],
  [path, `${'/ho'}me/somebody/patchbay`],
  [path, `file://${'/Us'}ers/Somebody/patchbay`],
  [path, `C:\\${'Us'}ers\\somebody`],
  [path, `see ${repositoryRoot} for it`],
  [unfinished, `// ${'TO'}DO later`],
  [unfinished, `// ${'FIX'}ME`],
])('objects to %s', (what, text) => {
  expect(leaksOf(text)).toEqual([expect.stringMatching(new RegExp(`^docs/a\\.md:2: ${what} \\(`))]);
});

it("objects to the registry of this machine's own settings", () => {
  const settings = 'https://packages.example.test/npm/';
  expect(leaksOf('from packages.example.test', settings)).toEqual([`docs/a.md:2: ${registry} (packages.example.test)`]);
  expect(leaksOf('from packages.example.com', settings)).toEqual([]);
});

it('objects to the home of whoever runs it', () => {
  expect(leaksOf(`open ${homedir()}/notes`)).not.toEqual([]);
});

it.each([
  'https://example.com/users/7',
  'https://api.example.com/home/feed',
  '/repos/octocat/hello',
  'the npm registry',
  '~/notes',
  'todo lists',
])('accepts %s', (text) => {
  expect(leaksOf(text)).toEqual([]);
});
