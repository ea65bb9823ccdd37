import type { ErrorRecord } from '../errors/error-record.ts';
import type { LaneName } from './claim-request.ts';
import type { GateReason } from './control-stores.ts';
import type { ClaimedDispatch } from './dispatch-records.ts';
import type { IdempotencyClass, IdempotencyKey } from './idempotency.ts';

/** What an executor is handed. */
export interface Work {
  readonly dispatch: ClaimedDispatch;
  readonly key: IdempotencyKey;
  /** Number of this attempt over all rounds. */
  readonly attempt: number;
  /** Aborts at the lease's local deadline, on a lost lease and when a stop runs out of patience. */
  readonly signal: AbortSignal;
  /** Milliseconds for this try, where the automation says so. @default what the executor's policy says */
  readonly timeoutMs?: number;
  /** The clock's monotonic time after which nothing may be sent; moves on while the lease is extended, so read it when sending. */
  readonly deadline: number;
}

/** What any try may tell besides. */
export interface Told {
  /** JSON text of what was sent and answered, for whoever looks into a failure; at most 8 KiB, without any secret. It is kept with the attempt. */
  readonly exchange?: string;
}

/** What became of one try. */
export type Outcome =
  | ({
      readonly outcome: 'succeeded';
      /** JSON text. */
      readonly output: string | null;
      readonly providerRequestId?: string;
      readonly warnings?: readonly string[];
    } & Told)
  | ({
      readonly outcome: 'failed';
      readonly error: ErrorRecord;
      readonly retryable: boolean;
      /** Milliseconds that the provider asks to wait. */
      readonly retryAfterMs?: number;
      /** Closes the lane for everybody for `retryAfterMs`. */
      readonly closeLane?: GateReason;
    } & Told)
  | ({ readonly outcome: 'unknown'; readonly error: ErrorRecord } & Told)
  /** Nothing was tried: goes back without an attempt. */
  | { readonly outcome: 'deferred'; readonly delayMs: number; readonly reason: string }
  /** Nothing was tried, and nothing may be before a person has decided. */
  | { readonly outcome: 'held'; readonly error: ErrorRecord };

/** What a look at the provider showed. `output` is JSON text. */
export type Finding =
  | { readonly answer: 'found'; readonly output: string | null }
  | { readonly answer: 'absent' }
  | { readonly answer: 'cannot_tell'; readonly reason?: string }
  /** Nothing was asked: goes back without an attempt. */
  | { readonly answer: 'not_now'; readonly delayMs: number; readonly reason: string };

/** How tries follow one another. The schedule belongs to the executor. */
export interface ExecutionPolicy {
  readonly idempotency: IdempotencyClass;
  /** Recorded outcomes and crashes of a round, together, before it is dead. */
  readonly maximumAttempts: number;
  /** Crashes of a round before it is dead. */
  readonly maximumCrashes: number;
  /** Milliseconds for one try. */
  readonly timeoutMs: number;
  /** Milliseconds after the first send within which an `idempotent` one may be repeated. */
  readonly retryWithinMs: number;
  /** Milliseconds for which the provider remembers a key. */
  readonly keyLifetimeMs: number;
  /** Milliseconds after the send before `absent` counts. */
  readonly settlesWithinMs: number;
  /** What the automation says for class `unsafe`. */
  readonly onUnknown: 'hold' | 'retry';
  /** Milliseconds until the next try after `attempts` recorded ones; `random` is between 0 and 1. */
  backoffMs(attempts: number, random: number): number;
}

/** What can execute the dispatches of one handler. Bound by the hub; `dispatch` never knows what a dispatch is for. */
export interface Executor {
  readonly handler: string;
  policy(dispatch: ClaimedDispatch): ExecutionPolicy;
  /** Never throws for what the outcome can say; what it throws counts as an unknown outcome. */
  execute(work: Work): Promise<Outcome>;
  /** Lanes in which this process can begin nothing at this moment, at most some thousands: its claims leave them out. @default none */
  fullLanes?(): readonly LaneName[];
  /** Present where the class is `reconcilable`. */
  reconcile?(work: Work): Promise<Finding>;
}
