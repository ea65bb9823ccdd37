import { expect, it } from 'vitest';
import { findLongFiles } from './file-length.ts';
import { fixtureTree } from './source-tree.ts';

it.each([
  ['packages/core/src/rules/match.ts', 250],
  ['packages/core/src/contracts/storage.ts', 250],
  ['packages/core/src/rules/match.test.ts', 600],
  ['packages/core-tests/test/simulation.ts', 600],
  ['scripts/dev.mjs', 250],
])('holds %s to %i lines', (path, limit) => {
  const lines = (count: number) => fixtureTree({ [path]: 'x\n'.repeat(count) });
  expect(findLongFiles(lines(limit))).toEqual([]);
  expect(findLongFiles(lines(limit + 1))).toEqual([`${path}: ${limit + 1} lines, at most ${limit}`]);
});
