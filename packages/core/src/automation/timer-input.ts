import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';

/** What a wait's dispatch holds. */
export interface WaitInput {
  readonly event: string;
  /** Events stored since then count, on the store's clock; `null`: since the run began. */
  readonly since: number | null;
  readonly timeoutMs: number;
  /** Ids of events that earlier waits of the run have taken. */
  readonly not: readonly string[];
}

/** What the dispatch holds that starts another automation. */
export interface RunInput {
  /** Name or id. */
  readonly automation: string;
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly data: Json;
}

/** A wait as JSON text. */
export const writeWaitInput = (input: WaitInput): string => JSON.stringify(input);

/** The start of another automation as JSON text. */
export const writeRunInput = (input: RunInput): string => JSON.stringify(input);

/** What {@link writeWaitInput} wrote; `null` for what is none. */
export function readWaitInput(input: string | null): WaitInput | null {
  const written = readObject(input);
  const { event, since = null, timeoutMs, not = [] } = written ?? {};
  if (typeof event !== 'string' || typeof timeoutMs !== 'number') return null;
  return { event, since: typeof since === 'number' ? since : null, timeoutMs, not: Array.isArray(not) ? not.map(String) : [] };
}

/** What {@link writeRunInput} wrote; `null` for what is none. */
export function readRunInput(input: string | null): RunInput | null {
  const { automation, wait, timeoutMs, data = null } = readObject(input) ?? {};
  if (typeof automation !== 'string' || typeof wait !== 'boolean' || typeof timeoutMs !== 'number') return null;
  return { automation, wait, timeoutMs, data };
}

/** The time that a delay's dispatch holds, milliseconds since 1970; `null`: it had its length when it was stored. */
export function readDelayUntil(input: string | null): number | null {
  const { until } = readObject(input) ?? {};
  return typeof until === 'number' ? until : null;
}

function readObject(input: string | null): Readonly<Record<string, Json>> | null {
  const written: unknown = input === null ? null : JSON.parse(input);
  return isJsonObject(written) ? written : null;
}
