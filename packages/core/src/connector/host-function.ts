import type { IdempotencyClass, IdempotencyKey, Reconciliation } from '../contracts/idempotency.ts';
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts';

/** What a function of the host is given. */
export interface FunctionCall<Input> {
  readonly tenant: string;
  /** Parsed by the function's input schema. */
  readonly input: Input;
  /** The same on every attempt, another for a replay. Use it to do a thing once. */
  readonly key: IdempotencyKey;
  /** Counts from 1. */
  readonly attempt: number;
  /** Aborts when the time is over, the lease is lost, the hub stops or the call has ended. */
  readonly signal: AbortSignal;
}

interface FunctionBase<In extends Schema, Out extends Schema> {
  /** For people. @default its name */
  readonly title?: string;
  /** For people. @default none */
  readonly description?: string;
  readonly input: In;
  /** What it answers is parsed by it: later steps read `steps.{id}.output`. */
  readonly output: Out;
  /** Milliseconds for one call, 1 to 86,400,000; then its signal aborts and it is given up. @default 300,000 */
  readonly timeoutMs?: number;
  /**
   * Does it. A thrown `PatchbayError` is the function's word: `sent: 'no'` and no `sent` mean that nothing has happened, `sent: 'maybe'` that nobody
   * can tell, and `retryable` says whether it is tried again. Anything else that is thrown is tried again, but held for a person where the class
   * is `unsafe`.
   */
  run(call: FunctionCall<SchemaOutput<In>>): SchemaInput<Out> | Promise<SchemaInput<Out>>;
}

/** One that only reads, and one that must not be repeated once it may have happened. */
interface PlainFunction<In extends Schema, Out extends Schema> extends FunctionBase<In, Out> {
  readonly idempotency: Extract<IdempotencyClass, 'read' | 'unsafe'>;
}

/** One that sets a state. */
interface IdempotentFunction<In extends Schema, Out extends Schema> extends FunctionBase<In, Out> {
  readonly idempotency: 'idempotent';
  /** Milliseconds after the first call within which a repeat does no harm. @default 3,600,000 */
  readonly retryWithin?: number;
}

/** One that knows a repeated key again. */
interface KeyedFunction<In extends Schema, Out extends Schema> extends FunctionBase<In, Out> {
  readonly idempotency: 'keyed';
  /** Milliseconds for which it knows a key again. @default for ever */
  readonly keyLifetime?: number;
}

/** One whose effect can be looked up. */
interface ReconcilableFunction<In extends Schema, Out extends Schema> extends FunctionBase<In, Out> {
  readonly idempotency: 'reconcilable';
  /** Milliseconds after the call before `absent` counts. */
  readonly settlesWithin: number;
  /** Looks whether the call with this key has happened. `since`: when it was made, milliseconds since 1970. */
  reconcile(call: FunctionCall<SchemaOutput<In>> & { readonly since: number }): Promise<Reconciliation<SchemaInput<Out>>>;
}

/** A function of the host that automations and `actions.execute` call by its name, as `host.{name}`. */
export type HostFunction<In extends Schema = Schema, Out extends Schema = Schema> =
  | PlainFunction<In, Out>
  | IdempotentFunction<In, Out>
  | KeyedFunction<In, Out>
  | ReconcilableFunction<In, Out>;

/** The host's functions by name: lower-case letters, digits and single underscores between them. */
export type HostFunctions = Readonly<Record<string, HostFunction>>;

/** Identity function that infers a function's input and output from its schemas. */
export function defineFunction<In extends Schema, Out extends Schema>(definition: HostFunction<In, Out>): HostFunction<In, Out> {
  return definition;
}
