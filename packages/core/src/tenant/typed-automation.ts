import type { ButtonTrigger, FormTrigger, ManualTrigger, OrderingRule, ScheduleTrigger } from '../automation/automation-definition.ts';
import type { RecordTrigger } from '../automation/record-trigger.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { HostFunctions } from '../connector/host-function.ts';
import type { Schema, SchemaInput } from '../connector/schema.ts';
import type { Condition } from '../rules/condition.ts';
import type { Templated } from './templated.ts';
import type { BuiltInStep } from './typed-built-in.ts';

/** A step, typed by the connectors of the hub: `action` is the one discriminant. */
export type StepOf<C extends Connector> =
  C extends Connector<infer Id, infer A, infer _T>
    ? {
        [Name in keyof A & string]: {
          readonly id: string;
          readonly action: `${Id}.${Name}`;
          /** Name or id. */
          readonly connection: string;
          readonly input: Templated<SchemaInput<A[Name]['input']>>;
          /** What to do when nobody can tell whether an `unsafe` action happened. @default 'hold' */
          readonly onUnknown?: 'hold' | 'retry';
        };
      }[keyof A & string]
    : never;

/** What a failed run sends: a step without an id. */
export type EscalationOf<C extends Connector, F extends HostFunctions> = StepOf<C> | BuiltInStep<F> extends infer Step
  ? Step extends { readonly id: string }
    ? Omit<Step, 'id'>
    : never
  : never;

/**
 * Fits nothing. Because it has no `input`, the compiler cannot ask for the input of all actions at once, and tells a fault by the one action
 * that the step names instead of by a union of thousands.
 */
interface NoStep {
  readonly id: never;
  readonly action: never;
}

/** Event types that the connectors of the hub can emit. */
export type ConnectorEventType<C extends Connector> =
  C extends Connector<infer Id, infer _A, infer T> ? `${Id}.${keyof T & string}` : never;

/** The host's own event types with their schemas. */
export type HostEvents = Readonly<Record<string, Schema>>;

/** Names of the host's own event types; of any hub (`never`), any text. */
export type HostEventType<E extends HostEvents> = string extends keyof E ? string : keyof E & string;

/** Types of what a tenant's receivers take in. */
export type ReceiverEventType = `hook.${string}.${string}`;

/** What `automations.put` takes: trigger, condition, steps. */
export interface AutomationInput<C extends Connector, E extends HostEvents, F extends HostFunctions = never> {
  readonly description?: string;
  readonly trigger:
    | { readonly event: ConnectorEventType<C> | HostEventType<E> | ReceiverEventType; readonly connection?: string }
    | ManualTrigger
    | ScheduleTrigger
    | ButtonTrigger
    | FormTrigger
    | RecordTrigger;
  readonly when?: Condition;
  /** One to 50. No tuple says so: the compiler would show a fault of a later step at the beginning of the list. */
  readonly steps: readonly (StepOf<C> | BuiltInStep<F> | NoStep)[];
  /** Sent whenever a run fails, such as when a dispatch of it dies. Its input sees `event` and `failure` (`step`, `code`, `message`). */
  readonly escalation?: EscalationOf<C, F>;
  /** Lets runs go one after another that are about the same thing. @default runs go side by side */
  readonly ordering?: OrderingRule;
}

/** Name of any action of the hub's connectors. */
export type ActionName<C extends Connector> = C extends Connector<infer Id, infer A, infer _T> ? `${Id}.${keyof A & string}` : never;

/** Input of an action by its name. */
export type ActionInput<C extends Connector, Name extends string> =
  C extends Connector<infer Id, infer A, infer _T>
    ? Name extends `${Id}.${infer Action}`
      ? Action extends keyof A
        ? SchemaInput<A[Action]['input']>
        : never
      : never
    : never;
