import { describe, expect, it } from 'vitest';
import { addByKey, createKeyedList, findByKey, type KeyKind } from './keyed-list.ts';

const kind: KeyKind<number> = { same: (left, right) => left === right, text: String };

describe('keyed list', () => {
  it('finds every element, a few as well as many', () => {
    const list = createKeyedList<number, { readonly key: number }>();
    for (let key = 0; key < 100; key += 1) {
      expect(findByKey(kind, list, key)).toBeUndefined();
      addByKey(kind, list, { key });
      for (let earlier = 0; earlier <= key; earlier += 1) expect(findByKey(kind, list, earlier)).toEqual({ key: earlier });
    }
    expect(list.elements.map(({ key }) => key)).toEqual(Array.from({ length: 100 }, (_, key) => key));
  });
});
