import type { IdempotencyKey } from '../contracts/idempotency.ts';
import type { Json } from '../json/json.ts';
import type { RequestPath } from './path.ts';
import type { Schema, SchemaOutput } from './schema.ts';

/** A value of a query or a form; `undefined` leaves it out, a list repeats the name. */
export type QueryValue = string | number | boolean | undefined | readonly (string | number | boolean)[];

/** What every call may say. */
export interface HttpOptions {
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Only names on the gateway's allow list or declared by the connector; credentials are attached by the gateway. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call whose answer is parsed by a schema. Responses are parsed leniently: ask for what you use. */
export interface ReadOptions<S extends Schema> extends HttpOptions {
  readonly response: S;
}

/** A writing call: one kind of body, and the key of a further write. */
export interface WriteOptions<S extends Schema> extends HttpOptions {
  readonly json?: Json | object;
  readonly form?: Readonly<Record<string, QueryValue>>;
  readonly response: S;
  /** The first writing request carries the dispatch's own key; each further one of an action needs `key.child(name)`. */
  readonly key?: IdempotencyKey;
}

/** A raw answer, for callers that need status or headers. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** How the next page of a listing is found. */
export interface PageOptions<S extends Schema, Item> extends HttpOptions {
  readonly response: S;
  /** The items of one page. */
  items(page: SchemaOutput<S>): readonly Item[];
  /**
   * The query of the next page, or `undefined` at the end. `link` is the query of the `Link: rel="next"` header, where the answer
   * has one and it stays on the same path.
   */
  next(page: SchemaOutput<S>, link: Readonly<Record<string, string>> | undefined): Readonly<Record<string, QueryValue>> | undefined;
  /** A whole number above zero. @default 100 pages; the listing ends there with an error, never silently. */
  readonly maximumPages?: number;
}

/**
 * Authenticated HTTP to the connection's pinned origin: the only way out that a connector has. Every method throws a
 * {@link PatchbayError} whose `sent` says whether anything can have happened; no redirect is followed.
 */
export interface ConnectorHttp {
  get<S extends Schema>(path: RequestPath, options: ReadOptions<S>): Promise<SchemaOutput<S>>;
  post<S extends Schema>(path: RequestPath, options: WriteOptions<S>): Promise<SchemaOutput<S>>;
  put<S extends Schema>(path: RequestPath, options: WriteOptions<S>): Promise<SchemaOutput<S>>;
  patch<S extends Schema>(path: RequestPath, options: WriteOptions<S>): Promise<SchemaOutput<S>>;
  delete<S extends Schema>(path: RequestPath, options: WriteOptions<S>): Promise<SchemaOutput<S>>;
  /** The items of all pages, one after another; a page is asked for when its first item is. */
  pages<S extends Schema, Item>(path: RequestPath, options: PageOptions<S, Item>): AsyncIterable<Item>;
}
