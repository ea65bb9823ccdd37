import { type ErrorClass, isErrorClass } from '../../errors/error-class.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';

/** How the breaker of a connection and host stands, shared by all processes. One that never opened has none. Times are milliseconds since 1970 on the store's clock. */
export interface BreakerState {
  /** How often it has opened in a row. */
  readonly opens: number;
  /** Until when nothing goes out; 0 where it is closed again, and remembered only for how often it had opened. */
  readonly openUntil: number;
  /** When it last opened or closed. */
  readonly at: number;
  /** What the last failure before it opened was. */
  readonly cause: ErrorClass;
}

/** How long a breaker stays open, milliseconds. */
export interface OpenTimes {
  /** The first time. @default 10,000 */
  readonly firstOpenMs: number;
  /** Doubled each time that a probe fails, up to this. @default 300,000 */
  readonly longestOpenMs: number;
}

/** What opens it. */
export interface Opening extends OpenTimes {
  readonly now: number;
  readonly cause: ErrorClass;
  /** Between 0 and 1: up to a fifth is added, so that many breakers of one service do not probe it at one moment. */
  readonly random: number;
}

/** Milliseconds after closing for which one that opens again goes on counting. */
const wariness = 600_000;

/** Milliseconds after which nobody has asked for a breaker that is still open; then it is forgotten. */
const abandonedAfter = 86_400_000;

/** True while nothing goes out but a probe. */
export const isOpen = (state: BreakerState | null): boolean => state !== null && state.openUntil > 0;

/** The state after it has opened, the first time or again. */
export function opened(before: BreakerState | null, { now, cause, random, firstOpenMs, longestOpenMs }: Opening): BreakerState {
  const isAgain = before !== null && (isOpen(before) || now - before.at < wariness);
  const opens = isAgain ? before.opens + 1 : 1;
  const plain = Math.min(longestOpenMs, firstOpenMs * 2 ** Math.min(20, opens - 1));
  return { opens, openUntil: now + Math.round(plain * (1 + random / 5)), at: now, cause };
}

/** The state after a probe that went well. */
export const closed = (before: BreakerState, now: number): BreakerState => ({ ...before, openUntil: 0, at: now });

/** True for one that says nothing any more. */
export const isStale = (state: BreakerState, now: number): boolean =>
  isOpen(state) ? now - state.openUntil > abandonedAfter : now - state.at > wariness;

/** The state as it was stored; `null` for what is none. */
export function readBreaker(value: Json | undefined): BreakerState | null {
  if (!isJsonObject(value)) return null;
  const { opens, openUntil, at, cause } = value;
  if (typeof opens !== 'number' || typeof openUntil !== 'number' || typeof at !== 'number') return null;
  return { opens, openUntil, at, cause: isErrorClass(cause) ? cause : 'unknown' };
}

const prefix = 'breaker:';

/** Where the states of a connection's breakers are kept: of all, of one connection, of one of its hosts. */
export function breakerName(connection?: string, origin = ''): string {
  return connection === undefined ? prefix : `${prefix}${connection}:${origin}`;
}
