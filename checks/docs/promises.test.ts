import { expect, it } from 'vitest';
import { fixtureTree, readSourceTree } from '../architecture/source-tree.ts';
import { promises, unknownMutants } from './promises.ts';

it('each of the eight promises names a test that holds it', () => {
  const found = promises(readSourceTree());
  expect(found.map(({ promise }) => promise.split('.')[0])).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  expect(found.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

it('each of them names a mutant that its tests notice, and every mutant that is named is there', () => {
  const tree = readSourceTree();
  expect(promises(tree).filter(({ mutants }) => mutants.length === 0)).toEqual([]);
  expect(unknownMutants(tree)).toEqual([]);
});

it('a mutant that is not in the list is found', () => {
  const text = '# G\n\n## The promises\n\n### 1. One\n\nMutants: `a-b`, `gone`\n\n### 2. Two\n\nNo `mutant` here.\n';
  const tree = fixtureTree({ 'docs/guarantees.md': text, 'scripts/mutants.json': '[{"name":"a-b"}]' });
  expect(promises(tree).map(({ mutants }) => mutants)).toEqual([['a-b', 'gone'], []]);
  expect(unknownMutants(tree)).toEqual(['gone']);
});

it('what is no test, is not there, or stands elsewhere does not count', () => {
  const text = `# G

## The promises

### 1. One

[a](../a.test.ts) and [b](../gone.test.ts)

### 2. Two

[code](../a.ts), [suite](../packages/testing/src/storage-suite/claim-concern.ts) and \`[x](../a.test.ts)\`

### 3. Three

[b](../gone.test.ts), [code](../a.ts)

## Other

### 4. Four

[a](../a.test.ts)
`;
  const suite = 'packages/testing/src/storage-suite/claim-concern.ts';
  expect(promises(fixtureTree({ 'docs/guarantees.md': text, 'a.test.ts': '', 'a.ts': '', [suite]: '' }))).toEqual([
    { promise: '1. One', tests: ['a.test.ts'], mutants: [] },
    { promise: '2. Two', tests: [suite], mutants: [] },
    { promise: '3. Three', tests: [], mutants: [] },
  ]);
});
