import { expect, it } from 'vitest';
import { comparePaths, findIndexFaults } from './index-files.ts';
import { fixtureTree } from './source-tree.ts';

const path = 'packages/a/src/index.ts';
const faultsOf = (text: string, at = path) => findIndexFaults(fixtureTree({ [at]: text }));

it('accepts a sorted list of names', () => {
  expect(faultsOf("export { a } from './a/a.ts';\nexport type { B } from './a/b.ts';\nexport { c, type D } from './c.ts';\n")).toEqual([]);
});

it.each([
  ['everything from a file', "export * from './a.ts';", 'holds more than named exports from elsewhere'],
  ['a file as a name', "export * as a from './a.ts';", 'holds more than named exports from elsewhere'],
  ['code', 'export const a = 1;', 'holds more than named exports from elsewhere'],
  ['an import', "import './a.ts';", 'holds more than named exports from elsewhere'],
  ['disorder', "export { b } from './b.ts';\nexport { a } from './a.ts';", 'is not sorted by path'],
  ['41 lines', "export { a } from './a.ts';\n".repeat(41), '41 lines, at most 40'],
])('objects to %s', (_, text, fault) => {
  expect(faultsOf(text)).toEqual([`${path}: ${fault}`]);
});

it('objects to an index of a folder', () => {
  const at = 'packages/a/src/rules/index.ts';
  expect(faultsOf("export { a } from './a.ts';", at)).toEqual([`${at}: only a package has an index, a folder has none`]);
});

it('sorts as the formatter does', () => {
  const sorted = [
    './a2.ts',
    './a10.ts',
    './connector/a.ts',
    './connector.ts',
    './connector-x/b.ts',
    './Json/b.ts',
    './json/a.ts',
    './json/a-b.ts',
  ];
  expect([...sorted].reverse().sort(comparePaths)).toEqual(sorted);
});
