import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';

/** Attempts at an endpoint in one minute. */
export interface MinuteCount {
  /** Minutes since 1970. */
  readonly minute: number;
  readonly attempts: number;
  readonly failed: number;
}

/** How an endpoint has been doing of late, over all processes. */
export interface FailureWindow {
  /** In order of minute, at most one of each. */
  readonly minutes: readonly MinuteCount[];
  /** When the episode began in which it is, milliseconds since 1970; `null`: it is in none. */
  readonly failingSince: number | null;
}

/** Nothing yet. */
export const emptyWindow: FailureWindow = { minutes: [], failingSince: null };

/** Minutes that are looked at, the one that is running among them. */
const windowMinutes = 10;

/** Fewer attempts say nothing. */
const leastAttempts = 20;

/** Minutes by which the clock of another process may be ahead. */
const skewMinutes = 5;

export const minuteOf = (now: number): number => Math.floor(now / 60_000);

/** The window with what came in, without what is past. */
export function addToWindow(window: FailureWindow, counts: readonly MinuteCount[], now: number): FailureWindow {
  const first = minuteOf(now) - windowMinutes + 1;
  const last = minuteOf(now) + skewMinutes;
  const minutes = new Map<number, MinuteCount>();
  for (const { minute, attempts, failed } of [...window.minutes, ...counts]) {
    if (minute < first || minute > last) continue;
    const known = minutes.get(minute) ?? { minute, attempts: 0, failed: 0 };
    minutes.set(minute, { minute, attempts: known.attempts + attempts, failed: known.failed + failed });
  }
  return { ...window, minutes: [...minutes.values()].toSorted((left, right) => left.minute - right.minute) };
}

/** Attempts of the window together. */
export function sumOf({ minutes }: FailureWindow): { readonly attempts: number; readonly failed: number } {
  const sum = (what: 'attempts' | 'failed'): number => minutes.reduce((total, minute) => total + minute[what], 0);
  return { attempts: sum('attempts'), failed: sum('failed') };
}

/**
 * The window with its episode begun or ended, where it has. One begins when more than half of at least 20 attempts have failed, and ends when something
 * succeeds and no more than a quarter fail: in between, what is so stays so, so that nobody is told twice of one trouble.
 */
export function judgeWindow(window: FailureWindow, now: number): FailureWindow {
  const { attempts, failed } = sumOf(window);
  if (window.failingSince === null)
    return attempts >= leastAttempts && failed * 2 > attempts ? { ...window, failingSince: Math.floor(now) } : window;
  return attempts > failed && failed * 4 <= attempts ? { ...window, failingSince: null } : window;
}

/**
 * The window as it is stored: small, because it is written again and again. `by` is of this one write: without it two processes that have seen the
 * same would write the same, each would take the other's write for its own, and what one of them has seen would be lost.
 */
export function writeWindow({ minutes, failingSince }: FailureWindow, by: string): Json {
  return { by, minutes: minutes.map(({ minute, attempts, failed }) => [minute, attempts, failed]), failingSince };
}

/** What {@link writeWindow} wrote; an empty one for what is none. */
export function readWindow(value: Json | undefined): FailureWindow {
  if (!isJsonObject(value)) return emptyWindow;
  const { minutes, failingSince } = value;
  return {
    minutes: Array.isArray(minutes) ? minutes.flatMap(readMinute) : [],
    failingSince: typeof failingSince === 'number' ? failingSince : null,
  };
}

function readMinute(written: Json): readonly MinuteCount[] {
  const [minute, attempts, failed]: readonly Json[] = Array.isArray(written) ? written : [];
  if (typeof minute !== 'number' || typeof attempts !== 'number' || typeof failed !== 'number') return [];
  return [{ minute, attempts, failed }];
}
