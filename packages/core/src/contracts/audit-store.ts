import type { HistoryPage, PageRequest } from './history-store.ts';

/** Who acts: the host's program, a person of the host's app, somebody who looks after all tenants, or the hub by itself. */
export interface AuditActor {
  readonly kind: 'host' | 'user' | 'operator' | 'system';
  /** Who of that kind, as the host calls them; empty where the host names nobody. */
  readonly id: string;
}

/** What became of an act. */
export type AuditOutcome = 'succeeded' | 'refused' | 'failed';

/** An act to record. It holds no secret and no payload. */
export interface AuditEntry {
  /** A uuid of the writer's. The same id within a tenant is the same act. */
  readonly id: string;
  readonly actor: AuditActor;
  /** `connection.put`. */
  readonly action: string;
  readonly object: { readonly type: string; readonly id: string };
  /** The connection that it concerns, also where that is gone. */
  readonly connection: string | null;
  readonly outcome: AuditOutcome;
  /** JSON text of an object; a store keeps the text as it is and does not look into it. */
  readonly details: string;
  /** What ties acts together, such as the id of an event. */
  readonly correlation: string | null;
}

/** A recorded act. */
export interface AuditRecord extends AuditEntry {
  readonly tenant: string;
  /** When it was stored, milliseconds since 1970 on the store's clock. */
  readonly at: number;
}

/** A point of a tenant's chain: how many records it has up to here, and the hash of the last. */
export interface ChainPoint {
  /** Counts from 1; 0 before the first record. */
  readonly seq: number;
  /** Empty before the first record. */
  readonly hash: string;
}

/** A recorded act with its place in the chain. */
export interface SealedRecord extends AuditRecord, ChainPoint {}

/** A recorded act with its place in the chain, or nulls until it is sealed. */
export interface ListedRecord extends AuditRecord {
  readonly seq: number | null;
  readonly hash: string | null;
}

/** Where a tenant's chain stands. */
export interface ChainState {
  /** The last sealed record. */
  readonly head: ChainPoint;
  /** The last record that was taken away by its age; the chain goes on behind it. */
  readonly base: ChainPoint;
  /** Records that wait to be sealed. */
  readonly unsealed: number;
}

/** What waits to be sealed of one tenant, behind its head; the oldest first. */
export interface UnsealedRecords {
  readonly tenant: string;
  readonly head: ChainPoint;
  readonly records: readonly AuditRecord[];
}

/** Places for records: the first goes behind `behind`, the next behind that one. */
export interface SealItem {
  readonly tenant: string;
  readonly behind: ChainPoint;
  readonly records: readonly { readonly id: string; readonly hash: string }[];
}

/** `moved`: the head is another, or a record is not there or has a place; nothing was written of the item. */
export type SealVerdict = { readonly status: 'sealed' } | { readonly status: 'moved' };

/** Which records; every field narrows. */
export interface AuditFilter {
  readonly action?: string;
  readonly actorKind?: AuditActor['kind'];
  readonly actorId?: string;
  readonly objectType?: string;
  readonly objectId?: string;
  readonly connection?: string;
  /** Stored at this time or later, milliseconds since 1970. */
  readonly from?: number;
  /** Stored before this time. */
  readonly before?: number;
}

/** Whose chains are looked at, and what is old. */
export interface ExpiredRequest {
  /** Milliseconds since 1970. */
  readonly before: number;
  /** Tenants, 1 to 1,000. */
  readonly limit: number;
  /** This tenant alone. @default all */
  readonly tenant?: string;
  /** Those behind this one, in the order of the answers. @default from the first */
  readonly after?: string;
}

/** A part of a chain to take away: everything up to a point, with the record that says so. */
export interface PruneRequest {
  readonly through: ChainPoint;
  readonly entry: AuditEntry;
}

/** `kept`: the chain has no such point; nothing was written. */
export type PruneVerdict = { readonly status: 'pruned' } | { readonly status: 'kept' };

/**
 * Who did what: a list that only grows at one end and is only taken away at the other. Records are never changed but for their place in
 * the chain, and outlive what they are about. Takes the tenant first; repeating any call gives the same verdicts and changes nothing more.
 */
export interface AuditStore {
  /** Records acts that change no configuration, all or none. Those that do are handed to `configuration.write`. */
  append(tenant: string, entries: readonly AuditEntry[]): Promise<void>;
  /** Records without a place, of any tenants: up to so many in all, 1 to 1,000, each tenant's oldest first. */
  unsealed(request: { readonly limit: number }): Promise<readonly UnsealedRecords[]>;
  /**
   * Gives records their places and moves the head, each item whole or not at all: the head is compared and set, so that of two racers one
   * gets `moved`, and no number is left out or given twice. One whose records have exactly these places is `sealed`.
   */
  seal(items: readonly SealItem[]): Promise<readonly SealVerdict[]>;
  state(tenant: string): Promise<ChainState>;
  /** Newest first by time and id unless the page says otherwise, sealed or not. */
  page(tenant: string, filter: AuditFilter, page: PageRequest): Promise<HistoryPage<ListedRecord>>;
  /** Sealed records with a higher number, in order, up to so many, 1 to 1,000. */
  chain(tenant: string, range: { readonly after: number; readonly limit: number }): Promise<readonly SealedRecord[]>;
  /**
   * How much of each chain is older than a time, for up to so many tenants in an order that does not change: the last of the records from its
   * beginning that were all stored before it, at most 5,000 behind the base. Unsealed records are never part of it.
   */
  expired(request: ExpiredRequest): Promise<readonly ({ readonly tenant: string } & ChainPoint)[]>;
  /**
   * Takes away the sealed records up to a point, makes it the base, and records the entry, in one transaction. `pruned` also where the base is
   * that point or a later one already.
   */
  prune(tenant: string, request: PruneRequest): Promise<PruneVerdict>;
}
