import type { IdempotencyKey } from '../contracts/idempotency.ts';
import type { Json } from '../json/json.ts';
import type { QueryValue } from './query-value.ts';
import type { Schema, SchemaOutput } from './schema.ts';

/** Refuses, when it is compiled, a text whose type is not one known text: one that was put together from values. */
// An index signature is what a record over such a text has, and nothing need be in it.
type KnownText<Text extends string> = Readonly<Record<never, never>> extends Readonly<Record<Text, unknown>> ? never : unknown;

/** One GraphQL operation, its text aside. */
export interface GraphqlOperation<S extends Schema> {
  readonly query: string;
  /** @default none */
  readonly variables?: Readonly<Record<string, Json | undefined>>;
  /** Which operation of the document is meant, where it has several. */
  readonly operationName?: string;
  /** Of the answer's `data`. */
  readonly response: S;
  /** Only names on the gateway's allow list or declared by the connector. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the address, not of GraphQL. @default none */
  readonly parameters?: Readonly<Record<string, QueryValue>>;
  /**
   * What data with errors beside it is: an error, or an answer that names both. Errors without data are an error either way. @default 'refuse'
   */
  readonly partial?: 'refuse' | 'allow';
  /** For a mutation that is not the action's first writing request. */
  readonly key?: IdempotencyKey;
  /** Name of one of the connector's `hosts`. @default the connection's own origin */
  readonly host?: string;
  /** What the document may be; another is refused before anything is sent. @default either */
  readonly only?: 'query' | 'mutation';
}

/** One GraphQL operation whose text a person or an automation has given: only for actions that are there to take one. */
export interface GivenGraphqlOptions<S extends Schema> extends GraphqlOperation<S> {
  readonly dangerouslyGivenQuery: true;
  /** Whoever gives the text says what is done at the service; so the action says which of the two it may be. */
  readonly only: 'query' | 'mutation';
}

/** One GraphQL operation. */
export interface GraphqlOptions<S extends Schema, Text extends string> extends GraphqlOperation<S> {
  /** The document, written out in the source: values go into `variables` alone, so none can become part of the query. */
  readonly query: Text & KnownText<Text>;
}

/** An error that stands beside data. */
export interface GraphqlError {
  /** The service's own words, at most 500 characters. */
  readonly message: string;
  /** The field of the data that it is about. */
  readonly path: readonly (string | number)[];
  /** `extensions.code`, else its `type`; `undefined` where the service names none. */
  readonly code: string | undefined;
}

/** What a query has cost by `extensions.cost`, in the service's own points; what it does not say is `undefined`. */
export interface GraphqlCost {
  readonly requested: number | undefined;
  readonly actual: number | undefined;
  readonly available: number | undefined;
  readonly maximum: number | undefined;
  /** Points that come back in a second. */
  readonly restoreRate: number | undefined;
}

/** What `partial: 'allow'` gives. */
export interface GraphqlAnswer<S extends Schema> {
  readonly data: SchemaOutput<S>;
  /** Empty where all of it came. */
  readonly errors: readonly GraphqlError[];
  readonly cost: GraphqlCost | undefined;
}

/** A connection of Relay's kind, as far as it is needed. */
export interface GraphqlConnection<Node> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined };
  readonly nodes?: readonly (Node | null)[] | null | undefined;
  readonly edges?: readonly ({ readonly node?: Node | null | undefined } | null)[] | null | undefined;
}

/** A listing over a connection. */
export interface GraphqlPageOptions<S extends Schema, Node, Text extends string>
  extends Omit<GraphqlOptions<S, Text>, 'partial' | 'key' | 'only'> {
  /** The connection in the data of one page. */
  connection(data: SchemaOutput<S>): GraphqlConnection<Node>;
  /** The variable that takes `endCursor`. @default 'after' */
  readonly cursorVariable?: string;
  /** @default 100 pages; the listing ends there with an error, never silently. */
  readonly maximumPages?: number;
}
