import type { IdempotencyKey } from '../contracts/idempotency.ts';
import type { JsonObject } from '../json/json.ts';
import type { BatchAnswers, BatchRead } from './batch-declaration.ts';
import type { GivenGraphqlOptions, GraphqlAnswer, GraphqlOptions, GraphqlPageOptions } from './graphql-options.ts';
import type { Paging } from './paging.ts';
import type { RequestPath } from './path.ts';
import type { QueryValue } from './query-value.ts';
import type { RequestBodyKinds } from './request-body.ts';
import type { Schema, SchemaOutput } from './schema.ts';
import type { SoapOptions } from './soap-options.ts';

export type { QueryValue } from './query-value.ts';

/**
 * Whether an answer may be kept and used again. `'etag'`: the service is asked each time whether it has changed. `true`: it is not asked as long as its
 * `Cache-Control: max-age` says that the answer is fresh.
 */
export type CacheUse = true | 'etag';

/** What every call may say. */
export interface HttpOptions {
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Only names on the gateway's allow list or declared by the connector; credentials are attached by the gateway. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of one of the connector's `hosts`. @default the connection's own origin */
  readonly host?: string;
}

/** A call whose answer is parsed by a schema. Responses are parsed leniently: ask for what you use. */
export interface ReadOptions<S extends Schema> extends HttpOptions {
  readonly response: S;
  /** @default the answer is not kept */
  readonly cache?: CacheUse;
}

/** A writing call: one kind of body, and the key of a further write. */
export interface WriteOptions<S extends Schema> extends HttpOptions, RequestBodyKinds {
  readonly response: S;
  /** The first writing request carries the dispatch's own key; each further one of an action needs `key.child(name)`. */
  readonly key?: IdempotencyKey;
}

/** A raw answer, for callers that need status or headers. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
  /** True where the body is one that was kept. @default false */
  readonly fromCache?: boolean;
}

/** A call whose answer is bytes, and is not looked into. */
export interface BytesOptions extends HttpOptions, RequestBodyKinds {
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As in {@link WriteOptions}, for another method than GET. */
  readonly key?: IdempotencyKey;
}

/** A call whose answer is read as it comes. */
export interface StreamOptions extends BytesOptions {
  /** Bytes of the answer, decoded; more of them end it with `response_too_large`. @default 1,073,741,824 */
  readonly maximumBytes?: number;
  /** Milliseconds for which nothing may move: until the answer begins, between two pieces, and while nobody reads them. @default 30,000 */
  readonly idleMs?: number;
}

/** An answer that is read as it comes. Read the body to its end or cancel it: until then it holds a connection. */
export interface StreamedAnswer {
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
  readonly body: ReadableStream<Uint8Array>;
}

/** What is asked for, page by page. */
export interface PageRequest<S extends Schema, Item> extends HttpOptions {
  readonly response: S;
  /** `POST` for a search whose pages are posted: it is a read, and may be repeated. @default 'GET' */
  readonly method?: 'GET' | 'POST';
  /** With `POST`: the body of the first page. What names a page is added to it. */
  readonly json?: JsonObject;
  /** The items of one page. */
  items(page: SchemaOutput<S>): readonly Item[];
  /** A whole number above zero. @default 100 pages; the listing ends there with an error, never silently. */
  readonly maximumPages?: number;
}

/** How the next page of a listing is found: by one of the usual ways, or by a function of the author's. */
export type PageOptions<S extends Schema, Item> = PageRequest<S, Item> &
  (
    | { readonly paging: Paging<SchemaOutput<S>>; readonly next?: undefined }
    | {
        readonly paging?: undefined;
        /**
         * The query of the next page, or `undefined` at the end; with `POST` the fields that are added to the body. `link` is the query of the
         * `Link: rel="next"` header, where the answer has one.
         */
        next(page: SchemaOutput<S>, link: Readonly<Record<string, string>> | undefined): Readonly<Record<string, QueryValue>> | undefined;
      }
  );

/** The items of a listing, one after another; a page is asked for when its first item is. */
export interface Listing<Item> extends AsyncIterable<Item> {
  /**
   * The first items, `limit` at most, and whether there is more. No page is asked for beyond them: `more` goes by what the last one tells, so where the
   * service does not say which page is the last there may be more.
   */
  first(limit: number): Promise<FirstItems<Item>>;
}

/** What {@link Listing.first} gives. */
export interface FirstItems<Item> {
  readonly items: Item[];
  readonly more: boolean;
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
  /** An answer that is no JSON, such as a file, collected. An error status is an error. */
  bytes(path: RequestPath, options?: BytesOptions): Promise<HttpAnswer>;
  /** The same for one that is larger than memory, or that goes on: the answer when it has begun. */
  stream(path: RequestPath, options?: StreamOptions): Promise<StreamedAnswer>;
  /** The items of all pages. */
  pages<S extends Schema, Item>(path: RequestPath, options: PageOptions<S, Item>): Listing<Item>;
  /**
   * One operation of GraphQL: gives its `data`. Errors are errors, with status 200 too; a query is a read that may be repeated, a mutation a writing
   * request that takes the action's key.
   */
  graphql<S extends Schema, const Text extends string>(
    path: RequestPath,
    options: GraphqlOptions<S, Text> & { readonly partial: 'allow' },
  ): Promise<GraphqlAnswer<S>>;
  graphql<S extends Schema>(path: RequestPath, options: GivenGraphqlOptions<S> & { readonly partial: 'allow' }): Promise<GraphqlAnswer<S>>;
  graphql<S extends Schema, const Text extends string>(path: RequestPath, options: GraphqlOptions<S, Text>): Promise<SchemaOutput<S>>;
  /** The nodes of a connection, page by page. */
  graphqlPages<S extends Schema, Node, const Text extends string>(
    path: RequestPath,
    options: GraphqlPageOptions<S, Node, Text>,
  ): AsyncIterable<Node>;
  /** One operation of SOAP: gives what stands in the body of the answer's envelope. A fault is an error. */
  soap<S extends Schema>(path: RequestPath, options: SoapOptions<S>): Promise<SchemaOutput<S>>;
  /**
   * Several reads, together where the connector says how they are put into one request, else a few at a time. Each has an answer or an error of its own,
   * in the order of the reads; it rejects for none of them.
   */
  batch<const Reads extends readonly BatchRead[]>(reads: Reads): Promise<BatchAnswers<Reads>>;
}
