import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Finding, Outcome } from '../contracts/executor.ts';
import type { IdempotencyClass, IdempotencyKey } from '../contracts/idempotency.ts';
import type { Json } from '../json/json.ts';
import type { Schema } from './schema.ts';

/** First halves of the names of built-in actions; no connector has one of them as its id. */
export const builtInNamespaces: readonly string[] = ['email', 'host', 'notify', 'record', 'script', 'webhook'];

/** True for the name of an action of the hub's own, which goes through no connection: `email.send`, `host.charge_card`. */
export function isBuiltInName(name: string): boolean {
  return builtInNamespaces.includes(name.split('.', 1)[0] ?? '');
}

/** The handler that executes a built-in action. */
export const builtInHandler = (name: string): string => `built-in:${name}`;

/** Name of the built-in action that a handler executes; `undefined` for what is none. */
export const builtInOf = (handler: string): string | undefined => /^built-in:(.+)$/.exec(handler)?.[1];

/** What the code of a built-in action is given. */
export interface BuiltInCall {
  readonly tenant: string;
  /** Parsed by the action's input schema. */
  readonly input: unknown;
  /** The same on every attempt, another for a replay. */
  readonly key: IdempotencyKey;
  /** Counts from 1 over all rounds. */
  readonly attempt: number;
  /** Aborts when the time is over, the lease is lost, the hub stops or the call has ended. */
  readonly signal: AbortSignal;
  /** Monotonic time after which nothing may be sent; it moves on while the lease is extended. */
  readonly deadline: () => number;
  readonly dispatch: ClaimedDispatch;
}

/** How a built-in action is repeated, milliseconds. */
export interface BuiltInFigures {
  /** For one call. @default 30,000 */
  readonly timeoutMs?: number;
  /** For class `idempotent`: after the first call, within which a repeat does no harm. @default 3,600,000 */
  readonly retryWithinMs?: number;
  /** For class `keyed`: for which a repeated key is known again. @default for ever */
  readonly keyLifetimeMs?: number;
  /** For class `reconcilable`: after the call before `absent` counts. @default 0 */
  readonly settlesWithinMs?: number;
}

/** An action of the hub's own: it goes through no connection, and is a dispatch like any other. */
export interface BuiltInAction extends BuiltInFigures {
  /** `{namespace}.{action}`, `email.send`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly idempotency: IdempotencyClass;
  readonly input: Schema;
  readonly output: Schema;
  /** What a rendered input goes one behind another with, of one tenant. @default the action's name */
  lane?(input: Json): string;
  /** What is wrong with the input of a definition that its schema cannot say, a line for each fault. Strings may still hold templates. */
  check?(input: Json): readonly string[] | Promise<readonly string[]>;
  /**
   * Does it. What it throws becomes an outcome: a `PatchbayError` with `sent: 'no'` has done nothing, one with `sent: 'maybe'` may have; its `retryable`
   * counts. Anything else that is thrown counts as not known where the class is `unsafe`, and as a failure to be tried again where it is another.
   */
  run(call: BuiltInCall): Promise<Outcome>;
  /** For class `reconcilable`. `since`: when the call whose outcome is lost was made, milliseconds since 1970 on the store's clock. */
  reconcile?(call: BuiltInCall, since: number): Promise<Finding>;
}
