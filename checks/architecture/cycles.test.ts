import { expect, it } from 'vitest';
import { findCycles } from './cycles.ts';
import { fixtureTree } from './source-tree.ts';

const manifest = { 'packages/a/package.json': '{}' };

it('names a cycle once, with its whole way round', () => {
  const tree = fixtureTree({
    ...manifest,
    'packages/a/src/one.ts': "import './two.ts';",
    'packages/a/src/two.ts': "export { three } from './deep/three.ts';",
    'packages/a/src/deep/three.ts': "const one = () => import('../one.ts');",
  });
  const [cycle, ...more] = findCycles(tree);
  expect(cycle).toBe('packages/a/src/one.ts -> packages/a/src/two.ts -> packages/a/src/deep/three.ts -> packages/a/src/one.ts');
  expect(more).toEqual([]);
});

it('counts a cycle that is made of types alone', () => {
  const tree = fixtureTree({
    ...manifest,
    'packages/a/src/one.ts': "import type { Two } from './two.ts';",
    'packages/a/src/two.ts': "export type Two = import('./one.ts').One;",
  });
  expect(findCycles(tree)).toHaveLength(1);
});

it('sees a file that imports itself, and two separate cycles as two', () => {
  const tree = fixtureTree({
    ...manifest,
    'packages/a/src/self.ts': "import './self.ts';",
    'packages/a/src/one.ts': "import './two.ts';",
    'packages/a/src/two.ts': "import './one.ts';",
  });
  expect(findCycles(tree)).toHaveLength(2);
});

it('accepts a diamond', () => {
  const tree = fixtureTree({
    ...manifest,
    'packages/a/src/top.ts': "import './left.ts'; import './right.ts';",
    'packages/a/src/left.ts': "import './ground.ts';",
    'packages/a/src/right.ts': "import './ground.ts';",
    'packages/a/src/ground.ts': 'export {};',
  });
  expect(findCycles(tree)).toEqual([]);
});
