import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventData } from './event-data.ts';

const textOf = (value: unknown) => new TextDecoder().decode(eventData(value, 'The data').bytes);

/** Any JSON but what is left out. */
const harmless = fc.jsonValue({ maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('"__proto__":'));

describe('the data of an event', () => {
  it('is what its bytes say', () => {
    fc.assert(
      fc.property(harmless, (value) => {
        const { bytes, data } = eventData(value, 'The data');
        expect(data).toEqual(JSON.parse(new TextDecoder().decode(bytes)));
        expect(data).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{ a: undefined, b: Number.NaN }, '{"b":null}'],
    [JSON.parse('{"__proto__":{"a":1},"b":[{"__proto__":1}]}'), '{"b":[{}]}'],
    [{ text: '__proto__' }, '{"text":"__proto__"}'],
    ['\ud800', '"\\ud800"'],
  ])('%j is written as %s', (value, text) => {
    expect(textOf(value)).toBe(text);
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
  it.each([
    ['nothing', undefined],
    ['a function', () => 1],
    ['a BigInt', [1n]],
    ['a cycle', cycle],
    ['more than 64 levels', nested(65)],
    ['more levels than the stack holds', nested(200_000)],
    [
      'what refuses to be written',
      {
        toJSON: () => {
          throw new Error('token=hunter2');
        },
      },
    ],
  ])('cannot be %s', (_what, value) => {
    expect(() => eventData(value, 'The data')).toThrowError(
      expect.objectContaining({ code: 'invalid_event', message: expect.not.stringContaining('hunter2') }),
    );
    expect(eventData(nested(64), 'The data').data).toEqual(nested(64));
  });
});
