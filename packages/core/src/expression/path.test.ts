import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isForbiddenName } from './forbidden-name.ts';
import { formatPath, parsePath } from './path.ts';
import { readPath } from './read-path.ts';

describe('paths', () => {
  test.each([
    ['event.data.issue.labels', ['event', 'data', 'issue', 'labels']],
    ["event.data['x-y']", ['event', 'data', 'x-y']],
    ['event.data["x y"][0].z', ['event', 'data', 'x y', 0, 'z']],
    ["['a.b']", ['a.b']],
    ["a['it\\'s']", ['a', "it's"]],
    ["a['back\\\\slash']", ['a', 'back\\slash']],
    ['a.0.b', ['a', '0', 'b']],
    ['_a1.B_2', ['_a1', 'B_2']],
    ["a['']", ['a', '']],
  ])('%s is read', (text, path) => {
    expect(parsePath(text)).toEqual({ path });
  });

  test.each([
    ['a..b', 2],
    ['a[', 1],
    ['a b', 1],
    ['a.constructor', 2],
    ['', 0],
  ])('%j is refused at offset %i', (text, offset) => {
    expect(parsePath(text)).toMatchObject({ offset });
  });

  test('what is written is read again', () => {
    const segment = fc.oneof(fc.string({ maxLength: 12 }), fc.nat(999_999));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (path) => {
        fc.pre(!path.some((each) => typeof each === 'string' && isForbiddenName(each)));
        expect(parsePath(formatPath(path))).toEqual({ path });
      }),
    );
  });

  test('a path is read by own members and places only', () => {
    const data = { a: [{ b: 1 }, null], n: null, s: 'text' };
    expect(readPath(data, ['a', 0, 'b'])).toBe(1);
    expect(readPath(data, ['a', '0', 'b'])).toBe(1);
    expect(readPath(data, ['a', 1])).toBeNull();
    expect(readPath(data, ['a', 1, 'b'])).toBeUndefined();
    expect(readPath(data, ['a', 2])).toBeUndefined();
    expect(readPath(data, ['n', 'b'])).toBeUndefined();
    expect(readPath(data, ['s', 'length'])).toBeUndefined();
    expect(readPath(data, [])).toBe(data);
  });
});
