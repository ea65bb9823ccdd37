import { describe, expect, it } from 'vitest';
import { append, createLinkedList, type Linked, unlink } from './linked-list.ts';

interface Named extends Linked<Named> {
  readonly name: string;
}

function listOf(names: readonly string[]) {
  const list = createLinkedList<Named>();
  const elements = names.map((name): Named => ({ name, previous: null, next: null, listed: false }));
  for (const element of elements) append(list, element);
  const content = (): string[] => {
    const found: string[] = [];
    for (let element = list.first; element !== null; element = element.next) found.push(element.name);
    expect(list.size).toBe(found.length);
    expect(list.last?.name).toBe(found.at(-1));
    return found;
  };
  return { list, elements, content };
}

describe('linked list', () => {
  it('keeps the order while elements leave from the front, the middle and the end', () => {
    const { list, elements, content } = listOf(['a', 'b', 'c', 'd', 'e']);
    for (const index of [0, 2, 4]) unlink(list, elements[index] ?? { name: '', previous: null, next: null, listed: false });
    expect(content()).toEqual(['b', 'd']);
    for (const index of [1, 3]) unlink(list, elements[index] ?? { name: '', previous: null, next: null, listed: false });
    expect(content()).toEqual([]);
  });

  it('takes an element back at the end', () => {
    const { list, elements, content } = listOf(['a', 'b']);
    const [first] = elements;
    if (first === undefined) throw new Error('The list has two elements.');
    unlink(list, first);
    unlink(list, first);
    append(list, first);
    expect(content()).toEqual(['b', 'a']);
  });
});
