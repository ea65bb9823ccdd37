import { expect, it } from 'vitest';
import { fixtureTree, readSourceTree } from '../architecture/source-tree.ts';
import { promises } from './promises.ts';

it('each of the eight promises names a test that holds it', () => {
  const found = promises(readSourceTree());
  expect(found.map(({ promise }) => promise.split('.')[0])).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  expect(found.filter(({ tests }) => tests.length === 0)).toEqual([]);
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
    { promise: '1. One', tests: ['a.test.ts'] },
    { promise: '2. Two', tests: [suite] },
    { promise: '3. Three', tests: [] },
  ]);
});
