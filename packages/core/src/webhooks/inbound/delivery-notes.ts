import type { StateStore, StateWrite } from '../../contracts/state-store.ts';
import type { Json } from '../../json/json.ts';

/** What is kept of the last delivery of a kind: what was received, or what went wrong. */
export type NoteKind = 'received' | 'failed';

/** Name of the state that keeps it. */
export const noteName = (registration: string, kind: NoteKind): string => `registration:${registration}:${kind}`;

/** Remembers the last delivery of each registration until it is written. */
export interface DeliveryNotes {
  keep(kind: NoteKind, place: { readonly tenant: string; readonly registration: string }, value: Json): void;
  /** Writes what is remembered; what cannot be written is remembered further, unless something newer has come. */
  flush(): Promise<void>;
}

/** Registrations remembered between two writes; of more than that some are not noted. */
const maximumNotes = 2_000;

/** Notes of one call of the store. */
const mostAtOnce = 500;

/** Makes the memory of last deliveries. The last writer of several processes wins: each writes what it has seen last. */
export function createDeliveryNotes(store: Pick<StateStore, 'write'>): DeliveryNotes {
  const notes = new Map<string, StateWrite>();
  return {
    keep(kind, { tenant, registration }, value) {
      const name = noteName(registration, kind);
      const key = `${tenant}\u0000${name}`;
      if (notes.size < maximumNotes || notes.has(key)) notes.set(key, { tenant, name, expect: 'any', value });
    },
    async flush() {
      while (notes.size > 0) {
        const batch = [...notes].slice(0, mostAtOnce);
        await store.write(batch.map(([, note]) => note));
        for (const [key, note] of batch) if (notes.get(key) === note) notes.delete(key);
      }
    },
  };
}
