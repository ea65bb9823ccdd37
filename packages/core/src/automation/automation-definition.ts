import type { Json } from '../json/json.ts';
import type { Condition } from '../rules/condition.ts';

/** Starts on an event: a connector's (`github.issue.opened`), optionally of one connection, or the host's own. */
export interface EventTrigger {
  readonly event: string;
  /** Name or id of a connection of that connector. @default any */
  readonly connection?: string;
}

/** Starts only when it is asked to. */
export interface ManualTrigger {
  readonly manual: true;
}

/** One action: of a connector through a connection, or built in. */
export interface ActionStep {
  /** Unique in the automation; later steps read `steps.{id}.output`. */
  readonly id: string;
  /** `{connector}.{action}`, or a built-in one such as `email.send` and `host.{function}`. */
  readonly action: string;
  /** Name or id of a connection of that connector; absent for a built-in action. */
  readonly connection?: string;
  /** Data; any string may hold `{{ CEL }}`. Rendered once. @default {} */
  readonly input?: Json;
  /** What to do when nobody can tell whether an `unsafe` action happened. @default 'hold' */
  readonly onUnknown?: 'hold' | 'retry';
}

/** The action that tells people of a run that has failed: a step without an id. Its input sees `event` and `failure`, and no step. */
export type Escalation = Omit<ActionStep, 'id'>;

/** A step; its one discriminant is `action`. Names that begin with `flow.` are control steps. */
export type Step = ActionStep;

/** Lets runs of an automation go one after another, where they are about the same thing. */
export interface OrderingRule {
  /** Template over `event`; runs for which it gives the same text or number go one after another. At most 200 characters when rendered. */
  readonly key: string;
  /** When a dispatch of a run has died: `skip` lets the next run begin, `block` keeps it waiting until somebody retries or cancels. @default 'skip' */
  readonly onDead?: 'skip' | 'block';
}

/** Trigger, condition, steps: what a tenant stores. JSON through and through. */
export interface AutomationDefinition {
  /** For people. */
  readonly description?: string;
  readonly trigger: EventTrigger | ManualTrigger;
  /** @default always */
  readonly when?: Condition;
  /** One after another, 1 to 50. */
  readonly steps: readonly Step[];
  /** Sent whenever a run fails, such as when a dispatch of it dies. @default nothing; the run and a notice tell */
  readonly escalation?: Escalation;
  /** @default runs go side by side */
  readonly ordering?: OrderingRule;
}
