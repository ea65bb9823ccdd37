import { expect, it } from 'vitest';
import { fixtureTree, readSourceTree } from '../architecture/source-tree.ts';
import { findLinkFaults } from './links.ts';

const faultsOf = (text: string, others: Readonly<Record<string, string>> = {}) =>
  findLinkFaults(
    fixtureTree({ 'docs/a.md': text, 'docs/guides/b.md': '# Bee\n\n## The `x` of B, again\n\n## Bee\n', 'src/x.ts': '', ...others }),
  );

it('every link of a document leads to a file and a heading that are there', () => {
  const tree = readSourceTree();
  expect([...tree.keys()].filter((path) => path.endsWith('.md')).length).toBeGreaterThan(20);
  expect(findLinkFaults(tree)).toEqual([]);
});

it.each([
  ['a file', '[b](guides/b.md)'],
  ['a file above', '[x](../src/x.ts)'],
  ['a folder', '[guides](guides), [them](guides/) and [all](..)'],
  ['a heading', '[b](guides/b.md#bee)'],
  ['a heading with punctuation and code', '[b](guides/b.md#the-x-of-b-again)'],
  ['a heading that comes twice', '[b](guides/b.md#bee-1)'],
  ['a heading of its own', '# Über uns\n\n[here](#über-uns) [too](#%C3%BCber-uns)'],
  ['an image and a reference', '![b](guides/b.md "B") [b][1]\n\n[1]: guides/b.md#bee'],
  ['somewhere else', '[a](https://example.com/x#y) [b](mailto:me@example.com) [c](//example.com)'],
  ['nothing, being code', '`[b](none.md)`\n\n```md\n[b](none.md)\n# not a heading\n```\n'],
])('a link may lead to %s', (_to, text) => {
  expect(faultsOf(text)).toEqual([]);
});

it.each([
  ['a file that is not there', 'x\n\n[b](guides/c.md)', 'docs/a.md:3: there is no docs/guides/c.md'],
  ['a file outside', '[b](../../b.md)', 'docs/a.md:1: there is no ../b.md'],
  ['a heading that is not there', '[b](guides/b.md#wasp)', 'docs/a.md:1: docs/guides/b.md has no heading #wasp'],
  ['a heading in code', '[a](#not)\n\n```md\n# not\n```\n', 'docs/a.md:1: docs/a.md has no heading #not'],
  ['a heading of a folder', '[b](guides#bee)', 'docs/a.md:1: docs/guides has no heading #bee'],
  ['nowhere, by a reference', '[b][1]\n\n[1]: c.md', 'docs/a.md:3: there is no docs/c.md'],
])('a link to %s is seen', (_to, text, fault) => {
  expect(faultsOf(text)).toEqual([fault]);
});
