import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isTestFile, readSourceTree } from './source-tree.ts';

it('reads every file but the ignored ones', () => {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-tree-'));
  try {
    for (const folder of ['src/deep', 'node_modules/x', 'src/dist']) mkdirSync(join(root, folder), { recursive: true });
    const files = ['.gitignore', 'a.md', 'src/deep/b.ts', 'node_modules/x/c.js', 'src/dist/d.js', 'src/e.tsbuildinfo'];
    for (const file of files) writeFileSync(join(root, file), file === '.gitignore' ? 'node_modules\ndist\n*.tsbuildinfo\n' : file);
    expect([...readSourceTree(root).keys()].sort()).toEqual(['.gitignore', 'a.md', 'src/deep/b.ts']);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it('tells tests and their material from shipped code', () => {
  expect(
    ['packages/a/src/b.test.ts', 'packages/a/src/b.test-d.ts', 'packages/a/src/__fixtures__/c.ts', 'packages/a/test/d.ts'].every(
      isTestFile,
    ),
  ).toBe(true);
  expect(['packages/a/src/b.ts', 'packages/testing/src/c.ts', 'packages/a/src/latest.ts'].some(isTestFile)).toBe(false);
});
