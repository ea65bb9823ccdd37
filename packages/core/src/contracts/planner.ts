import type { Json } from '../json/json.ts';
import type { EventRecord } from './dispatch-records.ts';
import type { Plan } from './hot-store.ts';

/** An event that is to be planned, with its data parsed. */
export interface PlanRequest {
  readonly event: Omit<EventRecord, 'storedAt' | 'considered'>;
  readonly data: Json;
  /** Only this automation (manual run). */
  readonly automation?: string;
}

/** Finds out what should happen because of an event: in memory, from the configuration cached under its revision. Implemented by `routing`. */
export interface Planner {
  /** `fresh` reads the configuration anew. */
  plan(request: PlanRequest, options: { readonly fresh: boolean }): Promise<Plan>;
}
