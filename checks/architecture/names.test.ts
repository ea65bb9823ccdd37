import { expect, it } from 'vitest';
import { findNameFaults } from './names.ts';
import { fixtureTree } from './source-tree.ts';

const faultsOf = (...paths: string[]) => findNameFaults(fixtureTree(Object.fromEntries(paths.map((path) => [path, '']))));

it.each([
  'packages/core/src/utils/trim.ts',
  'packages/core/src/rules/helpers.ts',
  'packages/core/src/common/a.ts',
  'packages/core/lib/a.ts',
  'packages/core/src/misc.test.ts',
  'packages/core/src/types.ts',
  'examples/quickstart/src/util.ts',
])('objects to the name of %s', (path) => {
  expect(faultsOf(path)).toEqual([`${path}: a name that says nothing`]);
});

it('objects to a file beside a folder of its name', () => {
  expect(faultsOf('packages/core/src/hub.ts', 'packages/core/src/hub/start.ts')).toEqual([
    'packages/core/src/hub.ts: stands beside a folder of its name',
  ]);
});

it('accepts names that only contain such a word', () => {
  expect(
    faultsOf('packages/core/src/rules/common-prefix.ts', 'packages/core/src/rules/match-types.ts', 'packages/core/src/rules/match.ts'),
  ).toEqual([]);
});
