import { expect, it } from 'vitest';
import { hashJson } from './hash-json.ts';

it('is the same for equal values, whatever the order of their members, and another for others', () => {
  const hash = hashJson({ a: 1, b: [{ c: 2, d: 3 }] });
  expect(hashJson({ b: [{ d: 3, c: 2 }], a: 1 })).toBe(hash);
  expect(hash).toMatch(/^[\w-]{43}$/);
  for (const other of [{ a: 1, b: [{ c: 2, d: 4 }] }, { a: '1', b: [{ c: 2, d: 3 }] }, { a: 1, b: [{ c: 2 }, { d: 3 }] }, [], null])
    expect(hashJson(other)).not.toBe(hash);
  expect(hashJson([1, 2])).not.toBe(hashJson([2, 1]));
});
