import { PatchbayError } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import { bisect, partsWithoutRepeats } from './per-item.ts';

const refuse = (bad: string) => {
  const done: string[] = [];
  const run = async (items: readonly string[]): Promise<readonly string[]> => {
    if (items.includes(bad)) throw new PatchbayError({ code: 'invalid_argument', message: `${bad} is refused.` });
    done.push(...items);
    return items.map((item) => item.toUpperCase());
  };
  return { done, run };
};

describe('partsWithoutRepeats', () => {
  it('keeps a batch without repeats whole', () => {
    expect(partsWithoutRepeats(['a', 'b', 'c'], (item) => [item])).toEqual([[0, 1, 2]]);
  });

  it('begins a new part with an item whose key the part has already, and keeps the order', () => {
    expect(partsWithoutRepeats(['a', 'b', 'a', 'b', 'c'], (item) => [item])).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
  });

  it('compares every key of an item', () => {
    const items = [
      ['a', 'x'],
      ['b', 'x'],
      ['c', 'y'],
    ];
    expect(partsWithoutRepeats(items, (item) => item)).toEqual([[0], [1, 2]]);
  });

  it('makes no part larger than 64 items', () => {
    const parts = partsWithoutRepeats(
      Array.from({ length: 130 }, (_, index) => index),
      (item) => [String(item)],
    );
    expect(parts.map((part) => part.length)).toEqual([64, 64, 2]);
  });
});

describe('bisect', () => {
  it('answers in the order given when nothing fails', async () => {
    const { run } = refuse('-');
    expect(await bisect(['a', 'b', 'c'], run)).toEqual(['A', 'B', 'C']);
  });

  it('does the others, each once, and throws what the bad item met', async () => {
    const { run, done } = refuse('d');
    await expect(bisect(['a', 'b', 'c', 'd', 'e'], run)).rejects.toThrow('d is refused.');
    expect(done.sort()).toEqual(['a', 'b', 'c', 'e']);
  });

  it('does not try again where no item is at fault', async () => {
    let calls = 0;
    const run = async (): Promise<never> => {
      calls += 1;
      throw new PatchbayError({ code: 'storage_unavailable', message: 'gone', retryable: true });
    };
    await expect(bisect(['a', 'b'], run)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(calls).toBe(1);
  });

  it('takes an item of another shape for a bad item', async () => {
    const run = async (items: readonly unknown[]): Promise<readonly string[]> =>
      items.map((item) => Object.keys(item ?? undefinedItem()).join());
    await expect(bisect([{ a: 1 }, null], run)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

function undefinedItem(): never {
  throw new TypeError('Cannot read properties of null');
}
