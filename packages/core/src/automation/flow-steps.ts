import type { Json } from '../json/json.ts';
import type { Condition } from '../rules/condition.ts';

/** How a step's dispatch is tried. */
export interface StepPolicies {
  /** For one try: `30s`, `2m`; 1 second to 15 minutes. @default what the action says */
  readonly timeout?: string;
  /** @default as the hub retries */
  readonly retry?: RetryRule;
  /** How many of this step are under way at once, over all processes and runs, 1 to 100. @default as many as there is room for */
  readonly concurrency?: number;
  /** How many tries of this step begin in a time, over all processes and runs. @default as many as there is room for */
  readonly rate?: RateRule;
}

/** How often, and when. */
export interface RetryRule {
  /** Tries of a round, the first among them, 1 to 20. */
  readonly attempts: number;
  /** Before the second try: 100ms to 1h; doubled before each further one. @default as the hub waits */
  readonly wait?: string;
  /** The longest wait, up to 1d. @default 5m, or `wait` where that is longer */
  readonly longest?: string;
}

/** So many in a time. */
export interface RateRule {
  /** 1 to 10,000. */
  readonly limit: number;
  /** 1s to 1d. */
  readonly per: string;
}

/** What happens when a step has failed for good, or what is inside of it. */
export interface ErrorPath<S> {
  /** Read `failure` (`step`, `code`, `message`). @default none */
  readonly steps?: readonly S[];
  /** Afterwards the run goes on behind the step, whose output is null, or fails all the same. @default 'continue' */
  readonly afterwards?: 'continue' | 'fail';
}

interface Control<S> {
  /** Unique in the automation. */
  readonly id: string;
  readonly onError?: ErrorPath<S>;
}

/** Takes the first branch whose condition holds. Its output is `{ branch }`: the index, or null for `else` and for none. */
export interface BranchStep<S> extends Control<S> {
  readonly action: 'flow.branch';
  /** 1 to 20. */
  readonly branches: readonly { readonly when: Condition; readonly steps: readonly S[] }[];
  readonly else?: readonly S[];
}

/** Steps with one error path. */
export interface GroupStep<S> extends Control<S> {
  readonly action: 'flow.group';
  readonly steps: readonly S[];
}

/** Does its steps for each item of a list. They read `item` and `index`; what they give is seen inside of the same item alone. */
export interface EachStep<S> extends Control<S> {
  readonly action: 'flow.each';
  /** Template that gives a list. */
  readonly list: Json;
  readonly steps: readonly S[];
  /** Items under way at once, 1 to 50. @default 1 */
  readonly concurrency?: number;
  /** A longer list fails the step: 1 to 1,000. @default 100 */
  readonly limit?: number;
  /** Template, rendered when an item has ended. The step's output is `{ count, items }` with what it gave. @default items is empty */
  readonly collect?: Json;
}

/** Waits for a time. */
export interface DelayStep<S> extends Control<S> {
  readonly action: 'flow.delay';
  /** `90s`, `15m`, `2h`, `3d`, or a template that gives such text; up to 30 days. */
  readonly for?: string;
  /** Template that gives an RFC 3339 time, or the milliseconds since 1970. What has passed is waited for no more. */
  readonly until?: string;
}

/** Waits for an event of the tenant's. Its output is `{ timedOut, event }`. */
export interface WaitStep<S> extends Control<S> {
  readonly action: 'flow.wait';
  /** Type of the event. */
  readonly event: string;
  /** Name or id of the connection that it comes through. @default any */
  readonly connection?: string;
  /** Reads `incoming`, the event that has come, and all that the run knows. @default any event of the type */
  readonly when?: Condition;
  /** `15m`, `2h`, `3d`; up to 30 days. */
  readonly timeout: string;
  /** @default 'fail' */
  readonly onTimeout?: 'continue' | 'fail';
}

/** Sets variables, which later steps read as `vars.name`. */
export interface SetStep<S> extends Control<S> {
  readonly action: 'flow.set';
  /** Templates by name, 1 to 50. */
  readonly vars: Readonly<Record<string, Json>>;
}

/** Gives a value. */
export interface TransformStep<S> extends Control<S> {
  readonly action: 'flow.transform';
  /** Template; what it gives is the step's output. */
  readonly value: Json;
}

/** Ends the run. */
export interface StopStep {
  readonly id: string;
  readonly action: 'flow.stop';
  /** @default 'succeeded' */
  readonly as?: 'succeeded' | 'failed';
  /** Template. Why it failed. */
  readonly message?: string;
}

/** Starts another automation of the tenant, one with a manual trigger. */
export interface RunStep<S> extends Control<S> {
  readonly action: 'flow.run';
  /** Its name or id. */
  readonly automation: string;
  /** Template; what it gives is the data of the other run's event. @default {} */
  readonly input?: Json;
  /** False: goes on as soon as the other run has begun. @default true */
  readonly wait?: boolean;
  /** How long its end is waited for; up to 30 days. @default '1d' */
  readonly timeout?: string;
}
