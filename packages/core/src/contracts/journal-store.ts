import type { Json } from '../json/json.ts';

/** One thing that happened, kept for a while to be looked at: a request, a check, an alert. It is no truth that anything depends on. */
export interface JournalEntry {
  /** A uuid of version 7 in lower case. Within a tenant and stream the same id is the same entry. */
  readonly id: string;
  /** Whose it is; the hub's own scope is one of them. */
  readonly tenant: string;
  /** What it is one of, 1 to 60 characters: `request`, `check`, `alert`. */
  readonly stream: string;
  /** What it is about, 1 to 400 characters: the id of a connection. */
  readonly subject: string;
  /** What became of it, 1 to 60 characters: `ok`, `failed`, `429`. */
  readonly verdict: string;
  /** When it happened, milliseconds since 1970 as the writer says, 0 to 8,640,000,000,000,000; a fraction is cut off. */
  readonly at: number;
  /** At most 16 KiB as JSON text. A secret has no place in it. */
  readonly value: Json;
}

/** Which entries of a stream; every field beyond it narrows. */
export interface JournalQuery {
  readonly stream: string;
  /** Entries of one subject are found without looking at the others of the tenant. */
  readonly subject?: string;
  readonly verdict?: string;
  /** Happened at this time or later, milliseconds since 1970. */
  readonly from?: number;
  /** Happened before this time. */
  readonly below?: number;
  /** The one of the page before; `null` for the first. */
  readonly cursor: string | null;
  /** 1 to 500. */
  readonly limit: number;
}

/** A page of entries. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  /** Goes on behind the last entry; `null` at the end. Stable while entries come in and go: nothing repeats, nothing is passed over. */
  readonly cursor: string | null;
}

/** What to take away. */
export interface JournalPrune {
  readonly stream: string;
  /** Entries that happened before this time, milliseconds since 1970. */
  readonly before: number;
  /** 1 to 5,000. */
  readonly limit: number;
  /** @default all tenants */
  readonly tenant?: string;
}

/**
 * An append-only log by tenant and stream. It is no configuration: the revision stays as it is. What is out of its bounds is
 * `invalid_argument`, and nothing is written. Another tenant's entries are not there.
 */
export interface JournalStore {
  /**
   * Keeps entries, all or none, 500 at most. An id that is there already stays as it is, so that a repeat whose answer was lost adds nothing; racers
   * with one id leave one entry.
   */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Newest first, in the order of ids, which is the order in which the writers made them. */
  page(tenant: string, query: JournalQuery): Promise<JournalPage>;
  /**
   * Takes away at most so many entries of a stream, the oldest first; answers how many those were. Fewer than the limit: nothing older is left but
   * what another call takes away at this moment. A store takes none away by itself, but one that only keeps a number of them.
   */
  prune(request: JournalPrune): Promise<number>;
}
