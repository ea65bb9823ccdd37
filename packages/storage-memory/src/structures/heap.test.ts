import fc, { array, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeap, type Heapable, inOrder, peek, push, remove, update } from './heap.ts';

interface Numbered extends Heapable {
  value: number;
}

const element = (value: number): Numbered => ({ value, heapIndex: -1 });

const acts = array(
  record({
    act: constantFrom('push', 'push', 'remove', 'update'),
    which: integer({ min: 0, max: 50 }),
    value: integer({ min: -20, max: 20 }),
  }),
  {
    maxLength: 200,
  },
);

describe('heap', () => {
  it('has the least element first, whatever is put in, changed and taken out of the middle', () => {
    fc.assert(
      property(acts, (list) => {
        const heap = createHeap<Numbered>((left, right) => left.value < right.value);
        const kept: Numbered[] = [];
        for (const { act, which, value } of list) {
          const chosen = kept[which % Math.max(1, kept.length)];
          if (act === 'push' || chosen === undefined) {
            kept.push(element(value));
            push(heap, kept.at(-1) ?? element(value));
          } else if (act === 'remove') {
            remove(heap, chosen);
            kept.splice(kept.indexOf(chosen), 1);
          } else {
            chosen.value = value;
            update(heap, chosen);
          }
          const values = kept.map((one) => one.value).sort((left, right) => left - right);
          expect(peek(heap)?.value).toBe(values[0]);
          expect([...inOrder(heap)].map((one) => one.value)).toEqual(values);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('knows where each element stands', () => {
    const heap = createHeap<Numbered>((left, right) => left.value < right.value);
    const elements = [5, 3, 8, 1].map(element);
    for (const one of elements) push(heap, one);
    expect(elements.map((one) => heap.elements[one.heapIndex])).toEqual(elements);
    for (const one of elements) remove(heap, one);
    expect([peek(heap), elements.map((one) => one.heapIndex)]).toEqual([undefined, [-1, -1, -1, -1]]);
  });

  it('walks only as far as it is asked', () => {
    const heap = createHeap<Numbered>((left, right) => left.value < right.value);
    for (let value = 100; value > 0; value -= 1) push(heap, element(value));
    const walk = inOrder(heap);
    expect([walk.next().value?.value, walk.next().value?.value]).toEqual([1, 2]);
    expect(heap.elements).toHaveLength(100);
  });
});
