/** An element of a list; `null` neighbours stand at its ends. In one list at a time. */
export interface Linked<Element> {
  previous: Element | null;
  next: Element | null;
  listed: boolean;
}

/** Oldest first; an element leaves from anywhere without a search. A Map would walk over all its holes to find its first entry. */
export interface LinkedList<Element extends Linked<Element>> {
  first: Element | null;
  last: Element | null;
  size: number;
}

/** Makes an empty list. */
export function createLinkedList<Element extends Linked<Element>>(): LinkedList<Element> {
  return { first: null, last: null, size: 0 };
}

/** Puts an element that is in no list at the end. */
export function append<Element extends Linked<Element>>(list: LinkedList<Element>, element: Element): void {
  element.previous = list.last;
  element.listed = true;
  if (list.last === null) list.first = element;
  else list.last.next = element;
  list.last = element;
  list.size += 1;
}

/** Takes an element out; nothing happens to one that is not listed. */
export function unlink<Element extends Linked<Element>>(list: LinkedList<Element>, element: Element): void {
  if (!element.listed) return;
  if (element.previous === null) list.first = element.next;
  else element.previous.next = element.next;
  if (element.next === null) list.last = element.previous;
  else element.next.previous = element.previous;
  element.previous = null;
  element.next = null;
  element.listed = false;
  list.size -= 1;
}
