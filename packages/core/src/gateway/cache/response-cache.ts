import { LRUCache } from 'lru-cache';
import type { HttpAnswer } from '../../connector/connector-http.ts';

/** An answer that is kept, scrubbed of its credential. */
export interface KeptAnswer {
  readonly answer: HttpAnswer;
  /** Monotonic time until which it is fresh. */
  readonly freshUntil: number;
}

/** Answers of services by what they were asked for; those that were used longest ago go first. */
export interface ResponseCache {
  find(name: string): KeptAnswer | undefined;
  /** Keeps it, where it is not too large. `owner` names the connection. */
  keep(name: string, owner: string, kept: KeptAnswer): void;
  drop(name: string): void;
  /** Drops everything of a connection. */
  dropAll(owner: string): void;
}

/** Bytes that an entry takes beside its body, its name and its headers, about. */
const overhead = 512;

/** An answer may take this part of the whole at most, so that one cannot drive out all others. */
const largestShare = 1 / 8;

/** Makes an empty cache of at most so many bytes; 0 keeps nothing. */
export function createResponseCache(maximumBytes: number): ResponseCache {
  if (maximumBytes === 0) return { find: () => undefined, keep: () => undefined, drop: () => undefined, dropAll: () => undefined };
  const owners = new Map<string, Set<string>>();
  const entries = new LRUCache<string, KeptAnswer & { readonly owner: string }>({
    maxSize: maximumBytes,
    maxEntrySize: Math.max(1, Math.floor(maximumBytes * largestShare)),
    sizeCalculation: ({ answer }, name) => overhead + name.length + answer.body.length + sizeOfHeaders(answer.headers),
    disposeAfter: ({ owner }, name, reason) => {
      if (reason === 'set') return;
      const names = owners.get(owner);
      names?.delete(name);
      if (names?.size === 0) owners.delete(owner);
    },
  });
  return {
    find: (name) => entries.get(name),
    keep(name, owner, kept) {
      entries.set(name, { ...kept, owner });
      if (!entries.has(name)) return;
      const names = owners.get(owner) ?? new Set();
      owners.set(owner, names.add(name));
    },
    drop: (name) => void entries.delete(name),
    dropAll(owner) {
      for (const name of [...(owners.get(owner) ?? [])]) entries.delete(name);
    },
  };
}

function sizeOfHeaders(headers: HttpAnswer['headers']): number {
  return Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + (typeof value === 'object' ? value.join() : (value ?? '')).length,
    0,
  );
}
