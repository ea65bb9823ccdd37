import { z } from 'zod';
import type { Json } from '../json/json.ts';

const fired = z.object({ scheduledFor: z.number(), firedAt: z.number(), eventId: z.string() });
const missed = z.object({ first: z.number(), last: z.number(), count: z.number(), noticedAt: z.number() });

const shape = z.object({
  cursor: z.number(),
  fired: z.array(fired),
  missed: z.array(missed),
  firings: z.number(),
  misses: z.number(),
  waitsFor: z.string().nullable(),
});

/** One time that has fired, milliseconds since 1970. */
export interface FiredTick {
  readonly scheduledFor: number;
  readonly firedAt: number;
  readonly eventId: string;
}

/** Times that were passed over, first and last, milliseconds since 1970. */
export interface MissedRun {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly noticedAt: number;
}

/** How far a schedule is, and what it has done. It moves together with the events that it makes. */
export interface ScheduleState {
  /** The last time that was looked at, milliseconds since 1970. */
  readonly cursor: number;
  /** The newest first. */
  readonly fired: readonly FiredTick[];
  readonly missed: readonly MissedRun[];
  /** All of them, also those that are not listed any more. */
  readonly firings: number;
  readonly misses: number;
  /** Why nothing can fire now. */
  readonly waitsFor: string | null;
}

/** Most of each that are listed. */
const listed = 20;

/** Where the state of an automation's schedule is kept. */
export const scheduleStateName = (automation: string): string => `schedule:${automation}`;

/** A stored state; `null` for none, and for what is none. */
export function readScheduleState(value: Json | undefined): ScheduleState | null {
  const parsed = shape.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** The state as JSON. */
export const writeScheduleState = (state: ScheduleState): Json => JSON.parse(JSON.stringify(state)) as Json;

/** A schedule that has not been looked at yet. */
export const freshSchedule = (cursor: number): ScheduleState => ({
  cursor,
  fired: [],
  missed: [],
  firings: 0,
  misses: 0,
  waitsFor: null,
});

/** The state after a firing. */
export const afterFiring = (state: ScheduleState, firing: FiredTick): ScheduleState => ({
  ...state,
  cursor: Math.max(state.cursor, firing.scheduledFor),
  fired: [firing, ...state.fired].slice(0, listed),
  firings: state.firings + 1,
});

/** The state after times were passed over. */
export const afterMissing = (state: ScheduleState, run: MissedRun): ScheduleState => ({
  ...state,
  missed: [run, ...state.missed].slice(0, listed),
  misses: state.misses + run.count,
});
