import type { Json } from '../json/json.ts';
import type { ConnectorHttp } from './connector-http.ts';

/** One look for what is new. */
export interface PollCall {
  /** What the last look gave; `null` on the first. */
  readonly cursor: Json;
  readonly http: ConnectorHttp;
  readonly settings: Readonly<Record<string, Json>>;
  /** What the tenant has set for the connector, parsed by its schema; empty where it has none. */
  readonly configuration: Readonly<Record<string, Json>>;
  readonly flags: Readonly<Record<string, boolean>>;
  readonly signal: AbortSignal;
}

/** A thing that a look has found. */
export interface PolledEvent {
  /** The service's own id of what happened, 1 to 200 characters: the same is one event, however often it is found, for 30 days. */
  readonly id: string;
  readonly data: Json;
  readonly subject?: string;
  /** When it happened, milliseconds since 1970; else the time of the look. */
  readonly time?: number;
}

/** What a look gives. */
export interface PollAnswer {
  /** The oldest first, at most 1,000. */
  readonly events: readonly PolledEvent[];
  /** Where the next look begins; JSON of at most 16 KiB. It moves only once all of the events are stored. */
  readonly cursor: Json;
  /** There is more: the next look comes at once. @default false */
  readonly more?: boolean;
}

/** How a trigger finds out what is new by asking for it. */
export interface PollingDeclaration {
  /** Milliseconds between two looks, 10,000 to 86,400,000. */
  readonly intervalMs: number;
  /** Part of the time by which a look comes earlier or later, 0 to 0.5, so that not all look at once. @default 0.1 */
  readonly jitter?: number;
  /** What the first look makes of what it finds: `now` only remembers where it ends, `everything` makes events. @default 'now' */
  readonly begins?: 'now' | 'everything';
  /** Asks the service. It only reads; what it throws is tried again later. */
  poll(call: PollCall): Promise<PollAnswer>;
}

const bounds = { intervalMs: [10_000, 86_400_000], jitter: [0, 0.5] } as const;

/** What keeps a trigger from being polled, or `undefined`. */
export function pollingFault(polling: PollingDeclaration): string | undefined {
  if (typeof polling.poll !== 'function') return 'polling needs a function poll';
  const { intervalMs, jitter = usualJitter, begins = 'now' } = polling;
  if (!isWithin(intervalMs, bounds.intervalMs)) return 'polling needs an intervalMs of 10000 to 86400000';
  if (!isWithin(jitter, bounds.jitter)) return 'the jitter of polling is a number from 0 to 0.5';
  return begins === 'now' || begins === 'everything' ? undefined : "polling begins with 'now' or 'everything'";
}

/** The jitter where none is named. */
export const usualJitter = 0.1;

const isWithin = (figure: unknown, [least, most]: readonly [number, number]): boolean =>
  typeof figure === 'number' && figure >= least && figure <= most;
