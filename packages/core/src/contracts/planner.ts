import type { Json } from '../json/json.ts';
import type { EventRecord, Payload } from './dispatch-records.ts';
import type { Plan, Revision } from './hot-store.ts';

/** An event that is to be planned, with its data parsed. */
export interface PlanRequest {
  readonly event: Omit<EventRecord, 'storedAt' | 'considered'>;
  readonly data: Json;
  /** Only this automation: a manual run, a schedule, a button, a form. */
  readonly automation?: string;
}

/** An event that is not planned at the door, because there is no time or it has an ordering key: it goes in with a mark, and a router plans it page by page. */
export interface Postponed {
  readonly postponed: true;
  /** Of the configuration that was looked at. */
  readonly revision: Revision;
  /** Something of it may have an ordering key: its mark is one of those that are routed in order. */
  readonly inOrder: boolean;
}

/** What planning at the door gave, and what goes in with the event. */
export type Planned = (Plan | Postponed) & { readonly additions?: Payload };

/** A part of an event's plan, written in one piece. */
export interface PlanPage {
  readonly plan: Plan;
  /** Targets looked at, those that did not match among them. */
  readonly targets: number;
  readonly last: boolean;
}

/** Finds out what should happen because of an event: in memory, from the configuration cached under its revision. Implemented by `routing`. */
export interface Planner {
  /** Plans at once. `fresh` reads the configuration anew. An event for one automation is never postponed. */
  plan(request: PlanRequest, options: { readonly fresh: boolean }): Promise<Planned>;
  /**
   * Plans page by page, with the configuration read anew; at least one page. Automations in `known` have been planned already and are left
   * out. Awaits `turn` before it has kept the event loop for long.
   */
  pages(
    request: PlanRequest,
    options: { readonly known: ReadonlySet<string>; readonly turn: () => Promise<void> },
  ): AsyncIterable<PlanPage>;
}
