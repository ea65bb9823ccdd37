import type { ErrorRecord } from '../errors/error-record.ts';

/**
 * Names one dispatch. Everything below an event is keyed by it: `root` is the event's id (a direct call mints its own), `target`
 * is `automation:{id}`, `subscriber:{name}` or `call`, `replay` counts replays from 0, `path` is the step instance's place.
 */
export interface DispatchKey {
  readonly tenant: string;
  readonly root: string;
  readonly target: string;
  readonly replay: number;
  readonly path: string;
}

/** Names one run: one automation applied to one event, once per replay. */
export interface RunKey {
  readonly tenant: string;
  readonly root: string;
  /** The automation's id (uuid). */
  readonly automation: string;
  readonly replay: number;
}

/** `pending`: due now or later. `leased`: a worker has it. `held`: waits for a person. The other three are final until reopened. */
export type DispatchStatus = 'pending' | 'leased' | 'held' | 'succeeded' | 'dead' | 'cancelled';

/** A run ends `succeeded`, `failed` or `cancelled`; a dead or held dispatch can reopen it. */
export type RunStatus = 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Priority class: live work and replays are claimed in fixed shares. */
export type WorkClass = 'live' | 'replay';

/**
 * Asks that runs with the same key go one after another. The key is one of the tenant and the target: the same text orders nothing between
 * two automations. All dispatches of one run with one key (of one root, target and replay) share a number and so a turn.
 */
export interface Ordering {
  /** 1 to 200 characters. */
  readonly key: string;
  /** `block`: a dead dispatch keeps its turn until it is retried or cancelled. `skip`: the next turn begins. */
  readonly onDead: 'skip' | 'block';
}

/** An ordering as stored. */
export interface OrderingRecord extends Ordering {
  /** Place of its turn among those of the key, taken when its run is stored and kept for good; numbers only grow, with gaps. */
  readonly number: number;
}

/** A dispatch to be stored. */
export interface NewDispatch {
  readonly key: DispatchKey;
  /** What can execute it: `action:github@1`, `subscriber:search-index`. */
  readonly handler: string;
  /** Fairness, concurrency and gates go by lane: `connection:{id}`, `subscriber:{name}`. */
  readonly lane: string;
  readonly workClass: WorkClass;
  /** What is to be done, `create_issue`; a subscriber has its name here. */
  readonly operation: string;
  /** Connection's id, where it acts through one. */
  readonly connection: string | null;
  /** Rendered once, as JSON text; every attempt sends the same. `null`: the executor reads the event. */
  readonly input: string | null;
  /** Automation version, where it belongs to a run. */
  readonly version: number | null;
  /** Milliseconds from now, on the store's clock, until it is due. */
  readonly delayMs: number;
  /** `claim`: a lease counts as in flight. `begin`: only {@link HotStore.begin} does (class `unsafe`). */
  readonly mark: 'claim' | 'begin';
  /** What its author says for class `unsafe`, once nobody can tell whether it happened. */
  readonly onUnknown: 'hold' | 'retry';
  /** `null`: nothing waits for it, and it waits for nothing. What has one is never born leased. */
  readonly ordering: Ordering | null;
}

/** A dispatch as stored. Times are milliseconds since 1970 on the store's clock. */
export interface DispatchRecord extends Omit<NewDispatch, 'delayMs' | 'ordering'> {
  readonly ordering: OrderingRecord | null;
  readonly status: DispatchStatus;
  readonly createdAt: number;
  readonly dueAt: number;
  /** Raised by every claim and takeover; a write with an older fence is refused. */
  readonly fence: number;
  readonly holder: string | null;
  readonly leaseUntil: number | null;
  /** Starts at 1; a manual retry opens the next. */
  readonly round: number;
  /** Recorded outcomes in this round, crashes among them. */
  readonly attempts: number;
  /** Expired leases taken over in this round. */
  readonly crashes: number;
  /** Number of the last attempt over all rounds; attempts are keyed by it. */
  readonly lastAttempt: number;
  /** When it was first marked in flight in this round. */
  readonly firstSentAt: number | null;
  /** When the send was whose outcome is unknown; cleared by a known outcome. */
  readonly unknownSince: number | null;
  /** JSON text of the result, where it succeeded. */
  readonly output: string | null;
  /** The last attempt's error. */
  readonly error: ErrorRecord | null;
  /** Why it waits (`retry`, `rate_limited`, `reconcile`, `drain`), where it does. */
  readonly reason: string | null;
  readonly finishedAt: number | null;
}

/** A dispatch in the hands of a worker. */
export interface ClaimedDispatch extends DispatchRecord {
  /** The store's short name for the open dispatch; later writes go by it and the fence. */
  readonly handle: string;
  readonly holder: string;
  readonly leaseUntil: number;
  /** The store's time at the claim. */
  readonly storeNow: number;
  /** The run it belongs to, as of the claim. */
  readonly run: RunRecord | null;
  /** Revisions of the configuration that it was planned and committed with, where this process has just done both. No store sets it. */
  readonly plannedWith?: { readonly hub: number; readonly tenant: number };
}

/** One try, with its one outcome. */
export interface AttemptRecord {
  readonly key: DispatchKey;
  /** Counts from 1 over all rounds. */
  readonly number: number;
  readonly round: number;
  readonly outcome: 'succeeded' | 'failed' | 'unknown';
  /** Milliseconds since 1970 on the store's clock. */
  readonly startedAt: number;
  /** Milliseconds on the worker's monotonic clock; `null` for a crash. */
  readonly durationMs: number | null;
  readonly holder: string;
  readonly fence: number;
  readonly error: ErrorRecord | null;
  /** What will follow: milliseconds until the next try, or `null`. */
  readonly retryInMs: number | null;
  readonly providerRequestId: string | null;
  readonly warnings: readonly string[];
  /** JSON text of what went over the wire and came back, as far as the executor tells it; `null` where it tells nothing. Holds no secret. */
  readonly exchange: string | null;
}

/** A run to be stored. */
export interface NewRun {
  readonly key: RunKey;
  /** Name of the automation at that time. */
  readonly automationName: string;
  readonly version: number;
  readonly status: RunStatus;
  /** JSON text, written and read by `automation/advance` only. */
  readonly state: string;
  readonly error: ErrorRecord | null;
}

/** A run as stored. */
export interface RunRecord extends NewRun {
  /** Raised by every change; settle compares and sets it. */
  readonly revision: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

/**
 * In place of an automation's id: all others that started on the event's type then, and did not match. Of very many automations those that
 * matched are named, and the others are told from the configuration.
 */
export const everyOther = '*';

/** What the planner thought of one automation when the event came. Why a condition was false is worked out again on request. */
export interface Considered {
  /** Its id, or {@link everyOther}. */
  readonly automation: string;
  /** The automation's version; with {@link everyOther}, the revision of the tenant's configuration. */
  readonly version: number;
  readonly matched: boolean;
}

/** Bytes with their coding. Stored as they are: never parsed, never as jsonb. */
export interface Payload {
  readonly codec: 'plain' | 'compressed' | 'sealed';
  readonly bytes: Uint8Array;
}

/** An event as stored: the attributes as columns, the data as bytes. */
export interface EventRecord {
  readonly tenant: string;
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string | null;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly connection: string | null;
  readonly correlation: string;
  readonly causation: string | null;
  readonly class: string;
  readonly severity: string;
  /** JSON text of the data. */
  readonly data: Payload;
  /** The body as it came, where the data is not the body itself. */
  readonly original: Payload | null;
  /** JSON text of what the hub has added: what a mapping made of the data, what enrichers found. Absent: nothing. */
  readonly additions?: Payload;
  /** Registration and delivery id, where a webhook brought it. */
  readonly receipt: { readonly registration: string; readonly deliveryId: string } | null;
  readonly considered: readonly Considered[];
  /** Milliseconds since 1970 when it was stored, on the store's clock. */
  readonly storedAt: number;
}
