import type { Json, JsonObject } from '../json/json.ts';
import type { Condition } from '../rules/condition.ts';
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
} from './flow-steps.ts';
import type { RecordTrigger } from './record-trigger.ts';

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

/** Days, each as `YYYY-MM-DD`, or where they come from. */
export type CalendarSource =
  /** 1 to 1,000 days. */
  | { readonly dates: readonly string[] }
  /** Name of a calendar of the host's, as in `createHub({ schedules: { calendars } })`. */
  | { readonly calendar: string }
  /** An iCalendar text: every day that one of its events touches. At most 65,536 characters. */
  | { readonly ics: string }
  /** An iCalendar feed, read over https and kept. */
  | { readonly url: string };

/** When a schedule fires. */
export interface ScheduleRule {
  /** Minute, hour, day of the month, month, day of the week: `0 9 * * 1-5`. `L`, `W` and `#` stand for the last, the nearest weekday and the nth. */
  readonly cron: string;
  /** IANA name of the zone whose clock on the wall counts: `Europe/Berlin`. @default 'UTC' */
  readonly timezone?: string;
  /** `business`: Monday to Friday alone. @default 'all' */
  readonly days?: 'all' | 'business';
  /** Only on days of one of these, 1 to 10. @default every day */
  readonly only?: readonly CalendarSource[];
  /** On no day of any of these, 1 to 10. @default no day is left out */
  readonly except?: readonly CalendarSource[];
  /**
   * What happens to times that nobody was there for: `skip` leaves them out, `once` fires the last of them, `all` fires each, the oldest first.
   * @default 'once'
   */
  readonly catchUp?: 'skip' | 'once' | 'all';
  /** Most that `all` fires; of more, the last ones. 1 to 1,000. @default 100 */
  readonly catchUpLimit?: number;
}

/** Starts at times. */
export interface ScheduleTrigger {
  readonly schedule: ScheduleRule;
}

/** What a form asks for: an object schema of JSON Schema, in the part of it that forms need. */
export type FormSchema = JsonObject;

/** Starts when somebody presses a button of the host's app. */
export interface ButtonTrigger {
  readonly button: {
    /** What stands on it. */
    readonly label: string;
    readonly description?: string;
    /** What the person fills in. @default nothing */
    readonly input?: FormSchema;
  };
}

/** Starts when somebody sends a form in, at a signed public address. */
export interface FormTrigger {
  readonly form: {
    readonly title: string;
    readonly description?: string;
    readonly schema: FormSchema;
  };
}

/** What an automation starts on; its one member says of which kind it is. */
export type Trigger = EventTrigger | ManualTrigger | ScheduleTrigger | ButtonTrigger | FormTrigger | RecordTrigger;

/** One action: of a connector through a connection, or built in. */
export interface ActionStep extends StepPolicies {
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
  /** What happens when it has failed for good. @default the run fails */
  readonly onError?: ErrorPath<Step>;
}

/** The action that tells people of a run that has failed: a step without an id. Its input sees `event` and `failure`, and no step. */
export type Escalation = Omit<ActionStep, 'id' | 'onError' | keyof StepPolicies>;

/** Steps that begin with `flow.`: they send nothing themselves, and say how a run goes on. */
export type ControlStep =
  | BranchStep<Step>
  | EachStep<Step>
  | GroupStep<Step>
  | DelayStep<Step>
  | WaitStep<Step>
  | SetStep<Step>
  | TransformStep<Step>
  | StopStep
  | RunStep<Step>;

/** A step; its one discriminant is `action`. Names that begin with `flow.` are control steps. */
export type Step = ActionStep | ControlStep;

/** Is it a control step, and no action? */
export const isControlStep = (step: Step): step is ControlStep => step.action.startsWith('flow.');

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
  readonly trigger: Trigger;
  /** @default always */
  readonly when?: Condition;
  /** One after another, 1 to 50; 200 at most with those inside of others. */
  readonly steps: readonly Step[];
  /** Sent whenever a run fails, such as when a dispatch of it dies. @default nothing; the run and a notice tell */
  readonly escalation?: Escalation;
  /** @default runs go side by side */
  readonly ordering?: OrderingRule;
  /** How many actions of its runs are under way at once, over all processes, 1 to 100. @default as many as there is room for */
  readonly concurrency?: number;
}
