import type { Clock } from '@patchbay/core/adapter';
import type { AuditState } from './audit/audit-state.ts';
import { type ConfigurationState, createConfigurationState } from './configuration/configuration-state.ts';
import { createDedupe, type DedupeState } from './dedupe.ts';
import type { GateState } from './gates.ts';
import type { DispatchEntry, Line, Lines, MarkEntry, RootEntry } from './ledger/entries.ts';
import type { TenantStates } from './states.ts';
import { type ByteArena, createByteArena } from './structures/byte-arena.ts';
import { createHeap, type Heap } from './structures/heap.ts';
import { createLinkedList, type LinkedList } from './structures/linked-list.ts';
import { createWorkIndex, dueBefore, type WorkIndex } from './work/work-index.ts';

/** Everything the storage holds. Functions over it are synchronous, so each is one transaction. */
export interface State {
  readonly clock: Clock;
  /** Most ended roots kept, and most bytes of what is below them. */
  readonly retain: { readonly events: number; readonly bytes: number };
  /** Roots by tenant and id. */
  readonly tenants: Map<string, Map<string, RootEntry>>;
  /** Dispatches that have not ended. */
  readonly handles: Map<string, DispatchEntry>;
  readonly work: { readonly live: WorkIndex; readonly replay: WorkIndex };
  /** Pending dispatches that have crashed in this round. */
  readonly suspects: Heap<DispatchEntry>;
  readonly leases: Heap<DispatchEntry>;
  readonly holders: Map<string, Set<DispatchEntry>>;
  readonly waitingMarks: Heap<MarkEntry>;
  readonly leasedMarks: Heap<MarkEntry>;
  /** Marks that are routed in order, by tenant, oldest first; only the first of each stands among those that wait or are leased. */
  readonly orderedMarks: Map<string, Set<MarkEntry>>;
  readonly lines: Lines;
  /** Lines whose turn has ended in the act that is under way. */
  readonly passing: Set<Line>;
  /** Roots below which nothing is open, and the bytes of what is below them. */
  readonly ended: { readonly roots: LinkedList<RootEntry>; bytes: number };
  readonly dedupe: DedupeState;
  readonly gates: GateState;
  readonly configuration: ConfigurationState;
  readonly audit: AuditState;
  readonly states: TenantStates;
  /** Counts everything that is stored; gives handles, ages and cursors. */
  order: number;
  readonly bytes: ByteArena;
}

/** Makes an empty state. */
export function createState(clock: Clock, bounds: State['retain'] & { readonly keys: number }): State {
  return {
    clock,
    retain: bounds,
    tenants: new Map(),
    handles: new Map(),
    work: { live: createWorkIndex(), replay: createWorkIndex() },
    suspects: createHeap(dueBefore),
    leases: createHeap((left, right) => (left.leaseUntil ?? 0) < (right.leaseUntil ?? 0)),
    holders: new Map(),
    waitingMarks: createHeap((left, right) => left.root.order < right.root.order),
    leasedMarks: createHeap((left, right) => (left.leaseUntil ?? 0) < (right.leaseUntil ?? 0)),
    orderedMarks: new Map(),
    lines: new Map(),
    passing: new Set(),
    ended: { roots: createLinkedList(), bytes: 0 },
    dedupe: createDedupe(bounds.keys, clock.now()),
    gates: new Map(),
    configuration: createConfigurationState(),
    audit: new Map(),
    states: new Map(),
    order: 0,
    bytes: createByteArena(),
  };
}
