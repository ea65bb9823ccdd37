/** Elements found by key. Most lists hold one or two, for which a Map would cost more than all the rest. */
export interface KeyedList<Key, Element extends { readonly key: Key }> {
  readonly elements: Element[];
  index: Map<string, Element> | null;
}

/** How keys are compared; `text` gives the same text for equal keys only. */
export interface KeyKind<Key> {
  same(left: Key, right: Key): boolean;
  text(key: Key): string;
}

/** From this length on a list has an index. */
const indexedFrom = 12;

/** Makes an empty list. */
export const createKeyedList = <Key, Element extends { readonly key: Key }>(): KeyedList<Key, Element> => ({ elements: [], index: null });

/** The element with this key. */
export function findByKey<Key, Element extends { readonly key: Key }>(
  kind: KeyKind<Key>,
  list: KeyedList<Key, Element>,
  key: Key,
): Element | undefined {
  if (list.index !== null) return list.index.get(kind.text(key));
  for (const element of list.elements) if (kind.same(element.key, key)) return element;
  return undefined;
}

/** Adds an element whose key is not in the list. */
export function addByKey<Key, Element extends { readonly key: Key }>(
  kind: KeyKind<Key>,
  list: KeyedList<Key, Element>,
  element: Element,
): void {
  list.elements.push(element);
  if (list.index !== null) list.index.set(kind.text(element.key), element);
  else if (list.elements.length >= indexedFrom) list.index = new Map(list.elements.map((one) => [kind.text(one.key), one]));
}
