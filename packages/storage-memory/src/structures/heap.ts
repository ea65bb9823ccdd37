/** What a heap can hold: it writes down where the element stands, so that it can be found again. An element is in one heap at a time. */
export interface Heapable {
  heapIndex: number;
}

/** A binary min-heap whose elements can be taken out of the middle. `before(a, b)`: a comes first. */
export interface Heap<Element extends Heapable> {
  readonly elements: Element[];
  readonly before: (left: Element, right: Element) => boolean;
}

/** Makes an empty heap. */
export function createHeap<Element extends Heapable>(before: Heap<Element>['before']): Heap<Element> {
  return { elements: [], before };
}

function place<Element extends Heapable>(heap: Heap<Element>, element: Element, index: number): void {
  heap.elements[index] = element;
  element.heapIndex = index;
}

function siftUp<Element extends Heapable>(heap: Heap<Element>, element: Element, from: number): void {
  let index = from;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap.elements[parent];
    if (above === undefined || !heap.before(element, above)) break;
    place(heap, above, index);
    index = parent;
  }
  place(heap, element, index);
}

function siftDown<Element extends Heapable>(heap: Heap<Element>, element: Element, from: number): void {
  const { elements, before } = heap;
  let index = from;
  for (;;) {
    const left = elements[2 * index + 1];
    const right = elements[2 * index + 2];
    const child = left !== undefined && right !== undefined && before(right, left) ? right : left;
    if (child === undefined || !before(child, element)) break;
    const below = child.heapIndex;
    place(heap, child, index);
    index = below;
  }
  place(heap, element, index);
}

/** The first element, which stays. */
export function peek<Element extends Heapable>(heap: Heap<Element>): Element | undefined {
  return heap.elements[0];
}

/** Puts an element in. */
export function push<Element extends Heapable>(heap: Heap<Element>, element: Element): void {
  siftUp(heap, element, heap.elements.length);
}

/** Puts an element whose order has changed where it now belongs. */
export function update<Element extends Heapable>(heap: Heap<Element>, element: Element): void {
  const { heapIndex } = element;
  siftUp(heap, element, heapIndex);
  if (element.heapIndex === heapIndex) siftDown(heap, element, heapIndex);
}

/** Takes an element out that is in this heap. */
export function remove<Element extends Heapable>(heap: Heap<Element>, element: Element): void {
  const { heapIndex } = element;
  const last = heap.elements.pop();
  element.heapIndex = -1;
  if (last === undefined || last === element) return;
  place(heap, last, heapIndex);
  update(heap, last);
}

/** Walks the elements in order without taking them out; what it costs depends on how far one walks. Nothing may change meanwhile. */
export function* inOrder<Element extends Heapable>(heap: Heap<Element>): Generator<Element, void, undefined> {
  const first = heap.elements[0];
  if (first === undefined) return;
  const frontier = createHeap<Heapable & { readonly element: Element }>((left, right) => heap.before(left.element, right.element));
  push(frontier, { heapIndex: 0, element: first });
  for (let next = peek(frontier); next !== undefined; next = peek(frontier)) {
    remove(frontier, next);
    const { element } = next;
    yield element;
    for (const child of [heap.elements[2 * element.heapIndex + 1], heap.elements[2 * element.heapIndex + 2]]) {
      if (child !== undefined) push(frontier, { heapIndex: 0, element: child });
    }
  }
}
