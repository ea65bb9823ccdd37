import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { HttpAnswer } from '../connector/connector-http.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { DispatchKey } from '../contracts/dispatch-records.ts';
import type { PatchbayError } from '../errors/patchbay-error.ts';

/** One request that is about to go, as guards see it. Each request is an object of its own, by which a guard may remember it. */
export interface GuardedCall {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly definition: AnyDefinition;
  /** `https://api.example.com`. */
  readonly origin: string;
  readonly method: string;
  /** Path with `{}` for each value. */
  readonly template: string;
  readonly author: 'connector' | 'host';
  /** Name of the action; `null` for a direct request, a health check, a registration. */
  readonly operation: string | null;
  /** The dispatch that it is made for. @default none: a direct request, a look */
  readonly dispatch?: DispatchKey | undefined;
  /** Number of the attempt at it. @default 1 */
  readonly attempt?: number | undefined;
  readonly signal: AbortSignal;
  /** Monotonic time at which the request began. */
  readonly startedAt: number;
  /** Monotonic time at which the request is given up. */
  readonly endsAt: number;
  /** Milliseconds for which guards may hold it back; one that would wait longer refuses it and says when to come again. */
  readonly maximumWaitMs: number;
}

/** How a request ended. */
export interface CallEnding {
  /** False where a guard refused it, or it was not handed to the network. */
  readonly sent: boolean;
  readonly status: number | null;
  readonly headers: HttpAnswer['headers'] | null;
  /** What the answer means by the connector's word or its status, or what was thrown. */
  readonly fault: PatchbayError | null;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** The end of a request that was let in and did not go. */
export const nothingSent: CallEnding = {
  sent: false,
  status: null,
  headers: null,
  fault: null,
  durationMs: 0,
  requestBytes: 0,
  responseBytes: 0,
};

/** What stands before and behind each request of a connection: limits, breaker, log. */
export interface CallGuard {
  /**
   * Asked in order before anything is sent. `undefined`: it may go at once, and nothing is waited for. Throws or rejects with a `PatchbayError`
   * whose `sent` is `no`; then those behind are not asked.
   */
  admit(call: GuardedCall): Promise<void> | undefined;
  /** Told, in reverse order, to each guard that let the request in, whatever became of it. Never throws. */
  ended(call: GuardedCall, ending: CallEnding): void;
}
