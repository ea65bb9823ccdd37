import type { IdempotencyClass, IdempotencyKey, Reconciliation } from '../contracts/idempotency.ts';
import type { Json } from '../json/json.ts';
import type { ConfigurationReader, NoConfiguration, TenantChoices } from './configuration-reader.ts';
import type { ConnectorHttp } from './connector-http.ts';
import type { Deprecation } from './deprecation.ts';
import type { Flags, NoFlags } from './flag-declaration.ts';
import type { OptionUses } from './option-use.ts';
import type { FieldPath, ResourceUses } from './resource-kind.ts';
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts';

/** A scope of the provider that an action needs, with the reason a person is shown. */
export interface ScopeNeed {
  readonly scope: string;
  readonly reason: string;
}

/** What an action's code is given. It holds no credential. */
export interface ActionContext<Input, Configuration extends Schema = NoConfiguration, F extends Flags = NoFlags>
  extends TenantChoices<Configuration, F> {
  /** Parsed by the action's input schema. */
  readonly input: Input;
  readonly http: ConnectorHttp;
  readonly key: IdempotencyKey;
  /** The connection's settings, as the connector's settings schema parsed them. */
  readonly settings: Readonly<Record<string, Json>>;
  /** Aborts at the action's deadline, on cancel and when the lease is lost. */
  readonly signal: AbortSignal;
  /** Adds a line to the result's `warnings`. */
  warn(message: string): void;
}

/** What a reconcile function is given. */
export interface ReconcileContext<Input, Configuration extends Schema = NoConfiguration, F extends Flags = NoFlags>
  extends ActionContext<Input, Configuration, F> {
  /** When the request whose answer was lost was first sent, milliseconds since 1970 on the store's clock. */
  readonly since: number;
}

interface ActionBase<In extends Schema, Out extends Schema, Configuration extends Schema, F extends Flags>
  extends ConfigurationReader<Configuration, F> {
  readonly title: string;
  readonly description: string;
  /** Ours are strict: an unknown key is an error. */
  readonly input: In;
  /** Parsed on the way out; what fails is `invalid_output`. */
  readonly output: Out;
  /** Scopes of the provider; a plain string gets a reason made from the title. @default none */
  readonly scopes?: readonly (string | ScopeNeed)[];
  /** Which fields of the input name a resource, by kind. @default each kind is `any`: a connection confined to some refuses the action */
  readonly resources?: ResourceUses<FieldPath<SchemaOutput<In>>>;
  /** Which fields have choices that the service is asked for. @default none */
  readonly options?: OptionUses<FieldPath<SchemaOutput<In>>>;
  /** Milliseconds for the whole call. @default 30,000 */
  readonly timeoutMs?: number;
  /** The action reads page by page. @default false */
  readonly paginated?: boolean;
  /** It goes away: told in the manifest, the reference and by the notice `connector.deprecated`. @default it stays */
  readonly deprecated?: Deprecation;
  run(context: ActionContext<SchemaOutput<In>, Configuration, F>): Promise<SchemaInput<Out>>;
}

/** An action that can be looked up after an answer was lost. */
export interface ReconcilableAction<
  In extends Schema = Schema,
  Out extends Schema = Schema,
  Configuration extends Schema = Schema,
  F extends Flags = Flags,
> extends ActionBase<In, Out, Configuration, F> {
  readonly idempotency: 'reconcilable';
  /** Milliseconds after the send before `absent` counts; at least as long as the provider takes to show a new thing. */
  readonly settlesWithin: number;
  reconcile(context: ReconcileContext<SchemaOutput<In>, Configuration, F>): Promise<Reconciliation<SchemaInput<Out>>>;
}

/** An action whose provider drops a repeated key. */
export interface KeyedAction<
  In extends Schema = Schema,
  Out extends Schema = Schema,
  Configuration extends Schema = Schema,
  F extends Flags = Flags,
> extends ActionBase<In, Out, Configuration, F> {
  readonly idempotency: 'keyed';
  /** Milliseconds for which the provider remembers a key. */
  readonly keyLifetime: number;
}

/** An action that sets a state, and may be repeated for a while. */
export interface IdempotentAction<
  In extends Schema = Schema,
  Out extends Schema = Schema,
  Configuration extends Schema = Schema,
  F extends Flags = Flags,
> extends ActionBase<In, Out, Configuration, F> {
  readonly idempotency: 'idempotent';
  /** Milliseconds after the first send within which a repeat does no harm. @default 3,600,000 (1 h) */
  readonly retryWithin?: number;
}

/** An action that only reads, or one that must not be repeated. */
export interface PlainAction<
  In extends Schema = Schema,
  Out extends Schema = Schema,
  Configuration extends Schema = Schema,
  F extends Flags = Flags,
> extends ActionBase<In, Out, Configuration, F> {
  readonly idempotency: Extract<IdempotencyClass, 'read' | 'unsafe'>;
  /**
   * For class `read`: while the service is down, its last good answer to the same input stands in, with a warning that begins with `degraded:`, where it
   * is no older than `maximumAgeMs`. @default none stands in
   */
  readonly degraded?: { readonly maximumAgeMs: number };
}

/** A thing that a connector can do. */
export type ActionDefinition<
  In extends Schema = Schema,
  Out extends Schema = Schema,
  Configuration extends Schema = Schema,
  F extends Flags = Flags,
> =
  | ReconcilableAction<In, Out, Configuration, F>
  | KeyedAction<In, Out, Configuration, F>
  | IdempotentAction<In, Out, Configuration, F>
  | PlainAction<In, Out, Configuration, F>;
