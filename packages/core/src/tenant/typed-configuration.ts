import type { Connector } from '../connector/connector-definition.ts';
import type { SchemaInput, SchemaOutput } from '../connector/schema.ts';

/** Id of any connector of the hub. */
export type ConnectorId<C extends Connector> = C['id'];

/** What a tenant can set for a connector, by the connector's id; nothing fits one that has no configuration. */
export type ConfigurationInput<C extends Connector, Id extends string> =
  C extends Connector<infer Own, infer _A, infer _T, infer S> ? (Id extends Own ? SchemaInput<S> : never) : never;

/** What the connector's code makes of it. */
export type ConfigurationOutput<C extends Connector, Id extends string> =
  C extends Connector<infer Own, infer _A, infer _T, infer S> ? (Id extends Own ? SchemaOutput<S> : never) : never;

/** Name of any flag of a connector. */
export type FlagName<C extends Connector, Id extends string> =
  C extends Connector<infer Own, infer _A, infer _T, infer _S, infer F> ? (Id extends Own ? keyof F & string : never) : never;
