import type { AnyDefinition } from '../../connector/connector-definition.ts';
import type { ProviderAnswer, RateLimitReading } from '../../connector/provider-answer.ts';
import { rateLimits } from './rate-limits.ts';

/** One limit as an answer tells it, every figure sound. */
export interface SoundReading {
  /** `''`: the one limit of the connection. */
  readonly name: string;
  readonly unit: string;
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  /** Milliseconds until the window ends. */
  readonly resetAfterMs: number | undefined;
  readonly windowMs: number | undefined;
}

/** Longest window that is believed: 31 days. What ends later is a figure of something else. */
export const longestWindowMs = 2_678_400_000;

/** Milliseconds for which a window is taken to last whose end nobody tells; then what remains is asked anew. */
const unknownEndMs = 900_000;

/** Largest figure that is believed. */
const most = 1e12;

/** Limits of one answer that are kept. */
const mostReadings = 8;

const none: readonly SoundReading[] = [];

/**
 * What an answer tells of limits, by the connector's word or the headers that many services share. A connector's reader is somebody else's code, and so are
 * the headers: whatever either gives, what is no sound figure is left out.
 */
export function soundReadings(
  definition: Pick<AnyDefinition, 'rateLimit'>,
  answer: Pick<ProviderAnswer, 'status' | 'headers'>,
  now: number,
): readonly SoundReading[] {
  let given: unknown;
  try {
    given = definition.rateLimit === undefined ? rateLimits.common(answer) : definition.rateLimit(answer);
  } catch {
    return none;
  }
  if (given === undefined || given === null) return none;
  const readings: readonly unknown[] = Array.isArray(given) ? given.slice(0, mostReadings) : [given];
  return readings.flatMap((reading) => sound(reading, now) ?? []);
}

function sound(reading: unknown, now: number): SoundReading | undefined {
  if (typeof reading !== 'object' || reading === null) return undefined;
  // Read as unknown values; each is checked below.
  const given = reading as Partial<Record<keyof RateLimitReading, unknown>>;
  const limit = figure(given.limit, most);
  const shutMs = span(given.retryAfterMs) || undefined;
  const remaining = shutMs === undefined ? leftOf(given, limit) : 0;
  // A service that allows nothing would not have answered.
  if (limit === 0 || (limit === undefined && remaining === undefined)) return undefined;
  const windowMs = span(given.windowMs);
  const told =
    shutMs ?? span(given.resetAfterMs) ?? span(typeof given.resetsAt === 'number' ? Math.max(0, given.resetsAt - now) : undefined);
  return {
    name: nameOf(given.name),
    unit: typeof given.unit === 'string' ? given.unit.slice(0, 32) : 'requests',
    limit,
    remaining,
    resetAfterMs: told ?? (windowMs === undefined ? undefined : Math.min(windowMs, unknownEndMs)),
    windowMs: windowMs === 0 ? undefined : windowMs,
  };
}

/** What remains, never more than the limit. */
function leftOf({ remaining, used }: Partial<Record<keyof RateLimitReading, unknown>>, limit: number | undefined): number | undefined {
  const told = figure(remaining, most);
  const taken = figure(used, most);
  const left = told ?? (limit === undefined || taken === undefined ? undefined : Math.max(0, limit - taken));
  return left === undefined || limit === undefined ? left : Math.min(left, limit);
}

function figure(value: unknown, largest: number): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= largest ? Math.floor(value) : undefined;
}

function span(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= longestWindowMs ? value : undefined;
}

/** Names come from the provider and become names of states: what is no plain word is no name. */
function nameOf(name: unknown): string {
  return typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) ? name : '';
}
