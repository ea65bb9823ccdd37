import type { AuditStore } from './audit-store.ts';
import type { ConfigurationStore } from './configuration-store.ts';
import type { CounterStore, GateStore, LeaseStore } from './control-stores.ts';
import type { FlowStore } from './flow-store.ts';
import type { HistoryStore } from './history-store.ts';
import type { HotStore } from './hot-store.ts';
import type { JournalStore } from './journal-store.ts';
import type { Queue } from './queue.ts';
import type { ReceiptStore } from './receipt-store.ts';
import type { StateStore } from './state-store.ts';
import type { TenantsRequest } from './tenants-request.ts';

/** What an adapter can and cannot do; the conformance suite prints what it skips for it. */
export interface StorageCapabilities {
  /** Survives the process. */
  readonly durable: boolean;
  /** Several processes can share it. */
  readonly shared: boolean;
  /** `ingest` can join the host's own transaction; where it cannot, it refuses one with `unsupported`. */
  readonly hostTransaction: boolean;
  /** `maintain` takes away what is older than an age: 90 days for events and all below them, 30 for dedupe keys, unless the host says otherwise. */
  readonly retention: boolean;
}

/**
 * Where the hub keeps everything: the ledger, the history and the configuration. `Transaction` is the type of the host's own
 * transaction, `never` where there is none. What is returned is a copy: changing it changes nothing.
 */
export interface Storage<Transaction = never> extends HotStore<Transaction> {
  /** Name of the adapter, `memory`. */
  readonly name: string;
  readonly capabilities: StorageCapabilities;
  readonly configuration: ConfigurationStore;
  readonly audit: AuditStore;
  readonly gates: GateStore;
  readonly leases: LeaseStore;
  readonly counters: CounterStore;
  readonly states: StateStore;
  readonly flows: FlowStore;
  readonly receipts: ReceiptStore;
  readonly journal: JournalStore;
  readonly history: HistoryStore<Transaction>;
  /** The adapter's own queue, used where the host names no other. */
  readonly queue: Queue;
  /** The store's time, milliseconds since 1970. */
  now(): Promise<number>;
  /**
   * Tenants that have anything configured, or an event or a dispatch that is still kept, in an order that does not change, so that those that come in
   * meanwhile neither repeat nor shift others; fewer than the limit: the end. For who looks after all of them: nothing that works for one tenant asks. The
   * hub's own scope is none of them.
   */
  listTenants(request: TenantsRequest): Promise<readonly string[]>;
  /**
   * Resolves when the store can serve; rejects with what is wrong and how to mend it. A store that others share is changed only where `migrate`
   * says so: then it is brought up to date first; an embedded one does that by itself. Callable again, and by many processes at once.
   */
  ready(options?: { readonly migrate?: boolean }): Promise<void>;
  /**
   * Makes room ahead and takes away what is past retention; absent where the storage keeps itself in order. A started worker calls it every
   * hour, one process at a time; more often, or by several at once, does no harm. Holds nobody up.
   */
  maintain?(): Promise<void>;
  /** Ends what the adapter started; never what the host handed in. Callable again. */
  close(): Promise<void>;
}
