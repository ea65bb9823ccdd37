import type { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import type { RequestPath } from './path.ts';
import type { QueryValue } from './query-value.ts';
import type { Schema, SchemaOutput } from './schema.ts';

/** One read among several. */
export interface BatchRead {
  readonly path: RequestPath;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly response: Schema;
}

/** What became of one of them. */
export type BatchAnswer<Value> = { readonly value: Value; readonly error: null } | { readonly value: null; readonly error: PatchbayError };

/** An answer for each read, in their order. */
export type BatchAnswers<Reads extends readonly BatchRead[]> = {
  readonly [Index in keyof Reads]: BatchAnswer<SchemaOutput<Reads[Index]['response']>>;
};

/** A read as a connector puts it into a request. */
export interface BatchedRead {
  /** Path and query, encoded, below the connector's base path: `/users/7?fields=name`. */
  readonly target: string;
}

/** The request that several reads become. */
export interface BatchRequest {
  readonly path: RequestPath;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly json: Json | object;
}

/** What the service answers to one of them. */
export interface BatchedAnswer {
  readonly status: number;
  /** @default none */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** How a service takes several reads in one request, such as OData's `$batch`. Both functions answer at once and change nothing. */
export interface BatchDeclaration {
  /** Most reads of one request, 2 to 1,000. */
  readonly maximum: number;
  /** One POST that only reads. */
  combine(reads: readonly BatchedRead[]): BatchRequest;
  /** An answer for each, in the order of the reads; `undefined` for one that the service has not answered. */
  split(body: Json, reads: readonly BatchedRead[]): readonly (BatchedAnswer | undefined)[];
}
