import type { ContentPlace, SearchDocument, SearchIndex } from '@patchbay/core/host';

/** A document in a {@link MemorySearchIndex}. */
export interface FoundDocument extends SearchDocument, Omit<ContentPlace, 'connector'> {}

/** A search index in memory, for tests: it finds by a part of the title or the text. */
export interface MemorySearchIndex extends SearchIndex {
  /** What a tenant finds, in order of id; all of it for ''. */
  search(tenant: string, text: string): readonly FoundDocument[];
}

interface Kept {
  readonly place: Omit<ContentPlace, 'connector'>;
  readonly sequence: number;
  readonly document: SearchDocument;
}

const keyOf = ({ tenant, connectionId, source }: Omit<ContentPlace, 'connector'>, id: string): string =>
  JSON.stringify([tenant, connectionId, source, id]);

/** Makes one. It keeps what the contract of `SearchIndex` says. */
export function memorySearchIndex(): MemorySearchIndex {
  const kept = new Map<string, Kept>();
  const isIn = (place: Omit<ContentPlace, 'connector'>, each: Kept): boolean => keyOf(place, '') === keyOf(each.place, '');
  const deleteWhere = (isGone: (each: Kept) => boolean): void => {
    for (const [key, each] of kept) if (isGone(each)) kept.delete(key);
  };
  return {
    async put({ tenant, connectionId, source, sequence, documents }) {
      const place = { tenant, connectionId, source };
      for (const document of documents) {
        const key = keyOf(place, document.id);
        if ((kept.get(key)?.sequence ?? 0) <= sequence) kept.set(key, { place, sequence, document: structuredClone(document) });
      }
    },
    async delete({ ids, ...place }) {
      for (const id of ids) kept.delete(keyOf(place, id));
    },
    async deleteOthers(place) {
      deleteWhere((each) => isIn(place, each) && each.sequence < place.sequence);
    },
    async deleteAll(place) {
      deleteWhere((each) => isIn(place, each));
    },
    count: async (place) => [...kept.values()].filter((each) => isIn(place, each)).length,
    search(tenant, text) {
      const sought = text.toLowerCase();
      return [...kept.values()]
        .filter(({ place, document }) => place.tenant === tenant && `${document.title}\n${document.text}`.toLowerCase().includes(sought))
        .map(({ place, document }) => ({ ...structuredClone(document), ...place }))
        .sort((one, other) => (one.id < other.id ? -1 : 1));
    },
  };
}
