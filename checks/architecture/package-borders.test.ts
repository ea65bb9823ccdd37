import { expect, it } from 'vitest';
import { findBorderFaults } from './package-borders.ts';
import { fixtureTree } from './source-tree.ts';

const faultsOf = (path: string, specifier: string) => {
  const manifests = ['packages/a', 'packages/b', 'packages/core-tests', 'benchmarks'].map((folder) => [`${folder}/package.json`, '{}']);
  return findBorderFaults(fixtureTree({ ...Object.fromEntries(manifests), [path]: `export { x } from '${specifier}';` }));
};

it.each([
  ['another package by a path', 'packages/a/src/x.ts', '../../b/src/y.ts', 'leaves its package'],
  ['another package by a path, in a test', 'packages/a/src/x.test.ts', '../../b/src/y.ts', 'leaves its package'],
  ["another package's insides by name", 'packages/a/src/x.ts', '@patchbay/b/src/y.ts', 'reaches into another package'],
  ['an index of its own package', 'packages/a/src/x.ts', './index.ts', 'imports an index'],
  ['an index of its own package, in a test', 'packages/a/test/x.test.ts', '../src/index.ts', 'imports an index'],
  ['a test', 'packages/a/src/x.ts', './y.test.ts', 'ships what belongs to tests'],
  ['a fixture', 'packages/a/src/x.ts', './__fixtures__/y.ts', 'ships what belongs to tests'],
])('objects to an import of %s', (_, path, specifier, fault) => {
  expect(faultsOf(path, specifier)).toEqual([`${path}: ${fault} (${specifier})`]);
});

it.each([
  ['a neighbour', 'packages/a/src/x.ts', './y.ts'],
  ['another package by name', 'packages/a/src/x.ts', '@patchbay/b'],
  ['another entry of a package', 'packages/a/src/x.ts', '@patchbay/core/discover'],
  ['the shared build settings', 'packages/a/tsup.config.ts', '../../tsup.base.ts'],
  ['a fixture, in a test', 'packages/a/src/x.test.ts', './__fixtures__/y.ts'],
  ['a fixture, in the benchmarks', 'benchmarks/src/x.ts', '../../packages/a/src/__fixtures__/y.ts'],
  [
    'the insides of core, in the private package that tests them',
    'packages/core-tests/test/x.test.ts',
    '../../core/src/dispatch/settle.ts',
  ],
])('accepts an import of %s', (_, path, specifier) => {
  expect(faultsOf(path, specifier)).toEqual([]);
});
