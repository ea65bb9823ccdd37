import type { Json } from '../json/json.ts';

/** A small value that changes by itself and is no configuration: when something was last seen, since when it has failed. */
export interface StateEntry {
  readonly name: string;
  /** Counts writes from 1. */
  readonly version: number;
  readonly value: Json;
  /** Milliseconds since 1970 on the store's clock. */
  readonly updatedAt: number;
}

/** One write. */
export interface StateWrite {
  readonly tenant: string;
  /** 1 to 400 characters, such as `registration:{id}:received`. */
  readonly name: string;
  /** The version that is there now, `absent` (or 0), or `any` where the last writer is to win. */
  readonly expect: number | 'absent' | 'any';
  /** `null` takes the entry away; a later one of that name counts from 1 again. */
  readonly value: Json;
}

/**
 * What became of one write. `entry`, where the store knows it without asking again: what stands there instead, or `null` for nothing. It may be of a
 * moment ago: a write that expects it can find another one.
 */
export type StateVerdict = { readonly status: 'written' } | { readonly status: 'conflict'; readonly entry?: StateEntry | null };

/** A page of entries in order of name. */
export interface StatePage {
  readonly entries: readonly StateEntry[];
  /** Pass it back to go on; `null` at the end. */
  readonly cursor: string | null;
}

/**
 * Values by tenant and name. Unlike what is configured they raise no revision: nothing that is planned depends on them. Each item of a write
 * is atomic for itself. Of racers with one expectation the first is `written`, the others `conflict`. Repeating a write whose answer was lost
 * gives `written`, as long as nobody else has written since: an entry that already is as the item says counts as done.
 */
export interface StateStore {
  /** A verdict per item, in the order given. A name may come once in a call: twice is `invalid_argument`, and nothing is written. */
  write(items: readonly StateWrite[]): Promise<readonly StateVerdict[]>;
  read(tenant: string, name: string): Promise<StateEntry | null>;
  /** Entries whose name begins so. Those that come in meanwhile neither repeat nor shift others. */
  list(tenant: string, prefix: string, page: { readonly cursor: string | null; readonly limit: number }): Promise<StatePage>;
}
