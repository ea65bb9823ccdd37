import type { ButtonTrigger, FormTrigger, ManualTrigger, OrderingRule, ScheduleTrigger } from '../automation/automation-definition.ts';
import type {
  BranchStep,
  DelayStep,
  EachStep,
  ErrorPath,
  GroupStep,
  RunStep,
  SetStep,
  StepPolicies,
  StopStep,
  TransformStep,
  WaitStep,
} from '../automation/flow-steps.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { HostFunctions } from '../connector/host-function.ts';
import type { Schema, SchemaInput } from '../connector/schema.ts';
import type { Json } from '../json/json.ts';
import type { Condition } from '../rules/condition.ts';
import type { Templated } from './templated.ts';
import type { BuiltInInputs } from './typed-built-in.ts';

/** A step, typed by the connectors of the hub: `action` is the one discriminant. */
export type StepOf<C extends Connector, All extends Connector = C, F extends HostFunctions = never> =
  C extends Connector<infer Id, infer A, infer _T>
    ? {
        [Name in keyof A & string]: StepPolicies & {
          readonly id: string;
          readonly action: `${Id}.${Name}`;
          /** Name or id. */
          readonly connection: string;
          readonly input: Templated<SchemaInput<A[Name]['input']>>;
          /** What to do when nobody can tell whether an `unsafe` action happened. @default 'hold' */
          readonly onUnknown?: 'hold' | 'retry';
          /** What happens when it has failed for good. @default the run fails */
          readonly onError?: ErrorPath<AutomationStep<All, F>>;
        };
      }[keyof A & string]
    : never;

/** What a failed run sends: a step without an id. */
export type EscalationOf<C extends Connector, F extends HostFunctions> = StepOf<C, C, F> | BuiltInStep<F, C> extends infer Step
  ? Step extends { readonly id: string }
    ? Omit<Step, 'id' | 'onError' | keyof StepPolicies>
    : never
  : never;

/** A step that goes through no connection. */
export type StepWithoutConnection<Name extends string, Input, C extends Connector, F extends HostFunctions> = StepPolicies & {
  readonly id: string;
  readonly action: Name;
  readonly connection?: never;
  readonly input: Templated<Input>;
  /** What to do when nobody can tell whether an `unsafe` action happened. @default 'hold' */
  readonly onUnknown?: 'hold' | 'retry';
  /** What happens when it has failed for good. @default the run fails */
  readonly onError?: ErrorPath<AutomationStep<C, F>>;
};

/** A step of a built-in action; of any hub (`never`) with any function of its host. */
export type BuiltInStep<F extends HostFunctions, C extends Connector> =
  | { [Name in keyof BuiltInInputs & string]: StepWithoutConnection<Name, BuiltInInputs[Name], C, F> }[keyof BuiltInInputs & string]
  | HostStep<F, C>;

type HostStep<F extends HostFunctions, C extends Connector> = string extends keyof F
  ? StepWithoutConnection<`host.${string}`, Json, C, F>
  : { [Name in keyof F & string]: StepWithoutConnection<`host.${Name}`, SchemaInput<F[Name]['input']>, C, F> }[keyof F & string];

/** A step of an automation of the hub: an action, or a control step with such steps inside. */
export type AutomationStep<C extends Connector, F extends HostFunctions = never> =
  | StepOf<C, C, F>
  | BuiltInStep<F, C>
  | NoStep
  | BranchStep<AutomationStep<C, F>>
  | EachStep<AutomationStep<C, F>>
  | GroupStep<AutomationStep<C, F>>
  | DelayStep<AutomationStep<C, F>>
  | WaitStep<AutomationStep<C, F>>
  | SetStep<AutomationStep<C, F>>
  | TransformStep<AutomationStep<C, F>>
  | StopStep
  | RunStep<AutomationStep<C, F>>;

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
    | FormTrigger;
  readonly when?: Condition;
  /** One to 50. No tuple says so: the compiler would show a fault of a later step at the beginning of the list. */
  readonly steps: readonly AutomationStep<C, F>[];
  /** Sent whenever a run fails, such as when a dispatch of it dies. Its input sees `event` and `failure` (`step`, `code`, `message`). */
  readonly escalation?: EscalationOf<C, F>;
  /** Lets runs go one after another that are about the same thing. @default runs go side by side */
  readonly ordering?: OrderingRule;
  /** How many actions of its runs are under way at once, over all processes, 1 to 100. @default as many as there is room for */
  readonly concurrency?: number;
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
