/** Why a lane is closed. */
export type GateReason = 'rate_limited' | 'breaker' | 'paused' | 'disabled' | 'connection' | 'plan';

/** A closed lane. An absent gate is open. */
export interface Gate {
  readonly tenant: string;
  readonly lane: string;
  readonly reason: GateReason;
  /** Milliseconds since 1970 on the store's clock; `null`: until opened. */
  readonly until: number | null;
}

/** Gates: only transitions are written. A lane holds at most one gate per reason and is closed while any is. */
export interface GateStore {
  /**
   * Closes, or moves an existing gate of that reason; an earlier end never replaces a later one, except that `null` replaces all. `forMs` is
   * finite and not below 0: anything else is `invalid_argument`, and closes nothing.
   */
  close(
    gates: readonly { readonly tenant: string; readonly lane: string; readonly reason: GateReason; readonly forMs: number | null }[],
  ): Promise<void>;
  /** Opens; an open lane stays open. */
  open(gates: readonly { readonly tenant: string; readonly lane: string; readonly reason: GateReason }[]): Promise<void>;
  /** Closed lanes of a tenant. */
  list(tenant: string): Promise<readonly Gate[]>;
}

/** A named lease in somebody's hands. */
export interface NamedLease {
  readonly name: string;
  readonly fence: number;
  readonly until: number;
}

/** Named leases: one holder at a time over all processes. The fence grows with every change of hands. */
export interface LeaseStore {
  /** The lease, or `null` while another holds it. The holder itself gets it again with the same fence and a new end. */
  acquire(request: { readonly name: string; readonly holder: string; readonly ttlMs: number }): Promise<NamedLease | null>;
  /** False when the lease was lost: taken over, given back, or its time has passed. */
  extend(request: { readonly name: string; readonly holder: string; readonly fence: number; readonly ttlMs: number }): Promise<boolean>;
  /** Gives it back; giving back a lost one changes nothing. */
  release(request: { readonly name: string; readonly holder: string; readonly fence: number }): Promise<void>;
}

/** A count to add. `day` is `YYYY-MM-DD` in UTC. */
export interface CounterDelta {
  readonly tenant: string;
  readonly name: string;
  readonly day: string;
  readonly by: number;
}

/** What was counted on one day. */
export interface DayCount {
  readonly name: string;
  readonly day: string;
  readonly count: number;
}

/** Counters: collected per process and added at most once a second. A repeated `id` adds nothing. */
export interface CounterStore {
  add(batch: { readonly id: string; readonly deltas: readonly CounterDelta[] }): Promise<void>;
  read(query: { readonly tenant: string; readonly name: string; readonly fromDay: string; readonly toDay: string }): Promise<number>;
  /** The counts of each day, both ends included, of the names that begin so; in order of name and day. A day on which nothing was counted is absent. */
  list(query: {
    readonly tenant: string;
    readonly prefix: string;
    readonly fromDay: string;
    readonly toDay: string;
  }): Promise<readonly DayCount[]>;
}
