import type { AttemptRecord, DispatchRecord, ErrorRecord, EventRecord, NewDispatch, RunKey, RunStatus } from '@patchbay/core/adapter';
import type { Heap, Heapable } from '../structures/heap.ts';
import type { KeyedList, KeyKind } from '../structures/keyed-list.ts';
import type { Linked } from '../structures/linked-list.ts';

/** Fields of T that the store itself changes. */
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A run as the store holds it. Never handed out. */
export interface RunEntry {
  readonly key: RunKey;
  readonly automationName: string;
  readonly version: number;
  readonly order: number;
  readonly startedAt: number;
  status: RunStatus;
  state: string;
  error: ErrorRecord | null;
  revision: number;
  finishedAt: number | null;
}

/** How the last lease ended, or which amendment came last: what tells a repeated call from a late one. */
export type LastWrite =
  | { readonly by: 'settle' | 'defer'; readonly fence: number }
  | { readonly by: 'amend'; readonly round: number; readonly to: 'pending' | 'succeeded' | 'dead' | 'cancelled' };

/** A dispatch as the store holds it. Never handed out. */
export interface DispatchEntry extends Mutable<Omit<DispatchRecord, 'key'>>, Heapable {
  readonly key: NewDispatch['key'];
  readonly handle: string;
  readonly order: number;
  readonly root: RootEntry;
  readonly run: RunEntry | null;
  readonly history: AttemptRecord[];
  /** While it is in the lease that it was born with: the call that bore it. */
  bornBy: string | null;
  leasedAt: number;
  /** When this lease was marked in flight. */
  inFlightSince: number | null;
  /** This lease's mark was the first of the round. */
  markedFirst: boolean;
  lastWrite: LastWrite | null;
  /** Where it waits, while pending and never crashed. */
  laneQueue: LaneQueue | null;
  /** While it keeps a turn of its ordering key open. */
  turn: Turn | null;
}

/** The dispatches of one number of an ordering key. */
export interface Turn extends Heapable {
  readonly line: Line;
  readonly number: number;
  /** Dispatches that keep it open. */
  holds: number;
  /** Pending ones that wait until the turn has the key. */
  readonly waiting: Set<DispatchEntry>;
}

/** The open turns of one ordering key. */
export interface Line {
  readonly name: string;
  /** The one that has the key. */
  current: Turn | null;
  readonly turns: Map<number, Turn>;
  /** The others, the lowest number first. */
  readonly behind: Heap<Turn>;
}

/** Lines by tenant, target and key. */
export type Lines = Map<string, Line>;

/** What waits in one lane for one handler, earliest due first. */
export interface LaneQueue extends Heapable {
  readonly tenant: TenantQueue;
  readonly name: string;
  readonly lane: string;
  readonly handler: string;
  readonly entries: Heap<DispatchEntry>;
}

/** What waits for one tenant: its lanes, the one with the earliest due first. */
export interface TenantQueue extends Heapable {
  readonly tenant: string;
  readonly lanes: Map<string, LaneQueue>;
  readonly heads: Heap<LaneQueue>;
  place: 'parked' | 'ready' | 'out';
  /** Turn of the last service; the lowest comes next. */
  served: number;
}

/** A routing mark. It stays after its last page so that a repeated call is recognised. */
export interface MarkEntry extends Heapable {
  readonly root: RootEntry & { event: EventRecord };
  readonly inOrder: boolean;
  fence: number;
  leaseUntil: number | null;
  routed: number;
  lastPage: { readonly fence: number; readonly from: number; readonly to: number } | null;
  ended: boolean;
}

/** An event, or a direct call, with all that is below it: what retention drops as one. */
export interface RootEntry extends Linked<RootEntry> {
  readonly tenant: string;
  readonly id: string;
  readonly order: number;
  event: EventRecord | null;
  mark: MarkEntry | null;
  readonly runs: KeyedList<RunPlace, RunEntry>;
  readonly dispatches: KeyedList<DispatchPlace, DispatchEntry>;
  /** Dispatches, runs and marks that have not ended. */
  open: number;
  /** Bytes that it counts for among the ended ones. */
  counted: number;
}

/** What tells dispatches of one root apart. */
export type DispatchPlace = Pick<NewDispatch['key'], 'target' | 'replay' | 'path'>;

/** What tells runs of one root apart. */
export type RunPlace = Pick<RunKey, 'automation' | 'replay'>;

/** Compares dispatches of one root. The length in the text keeps `a` + `bc` and `ab` + `c` apart. */
export const dispatchPlace: KeyKind<DispatchPlace> = {
  same: (left, right) => left.path === right.path && left.target === right.target && left.replay === right.replay,
  text: ({ replay, target, path }) => `${replay}:${target.length}:${target}${path}`,
};

/** Compares runs of one root. */
export const runPlace: KeyKind<RunPlace> = {
  same: (left, right) => left.automation === right.automation && left.replay === right.replay,
  text: ({ replay, automation }) => `${replay}:${automation}`,
};
