import type {
  AttemptRecord,
  DispatchKey,
  DispatchRecord,
  DispatchStatus,
  EventRecord,
  RunKey,
  RunRecord,
  RunStatus,
} from './dispatch-records.ts';

/** Which page. */
export interface PageRequest {
  /** Goes on in the order in which the page that gave it was read. */
  readonly cursor: string | null;
  /** 1 to 500. */
  readonly limit: number;
  /** By root, and by what is below it. @default 'newest' first */
  readonly order?: 'newest' | 'oldest';
}

/** Which events; every field narrows. Ids are in order of the time at which they were made, on the clock of the process that made them. */
export interface EventFilter {
  readonly type?: string;
  /** Types that begin so. */
  readonly typePrefix?: string;
  /** Ids from this one on: with {@link below} what bounds the rows that are looked at. */
  readonly from?: string;
  /** Ids below this one. */
  readonly below?: string;
  /** Stored at this time or later, milliseconds since 1970 on the store's clock. */
  readonly storedFrom?: number;
  /** Stored before this time. */
  readonly storedBefore?: number;
}

/** Which dispatches; every field narrows. */
export interface DispatchFilter {
  readonly root?: string;
  /** A storage finds those of an `endpoint:` without looking at the others of the tenant. */
  readonly target?: string;
  readonly replay?: number;
  readonly status?: DispatchStatus;
  readonly operation?: string;
  /** Roots from this one on, in the order of the time at which they were made. */
  readonly from?: string;
  /** Roots below this one. */
  readonly below?: string;
}

/** A page of history. */
export interface HistoryPage<Item> {
  readonly items: readonly Item[];
  /** Goes on behind the last item; `null` at the end. Stable while rows come in: nothing repeats, nothing is passed over. */
  readonly cursor: string | null;
}

/** Reads of what happened. Every read takes the tenant; open and ended things are found alike. */
export interface HistoryStore<Transaction = never> {
  /** With `transaction` it is read through the host's own, which sees what it has stored itself. */
  event(tenant: string, id: string, options?: { readonly transaction?: Transaction }): Promise<EventRecord | null>;
  events(tenant: string, filter: EventFilter, page: PageRequest): Promise<HistoryPage<EventRecord>>;
  /** Those of the roots that still have a routing mark, in any order: what is planned for them is not all there yet. At most 500 are asked for. */
  unrouted(tenant: string, roots: readonly string[]): Promise<readonly string[]>;
  run(key: RunKey): Promise<RunRecord | null>;
  runs(
    tenant: string,
    filter: { readonly root?: string; readonly automation?: string; readonly status?: RunStatus },
    page: PageRequest,
  ): Promise<HistoryPage<RunRecord>>;
  dispatch(key: DispatchKey): Promise<DispatchRecord | null>;
  dispatches(tenant: string, filter: DispatchFilter, page: PageRequest): Promise<HistoryPage<DispatchRecord>>;
  /** In order of their number. */
  attempts(key: DispatchKey): Promise<readonly AttemptRecord[]>;
  /** The highest replay number under a root and target, -1 where there is none. */
  lastReplay(tenant: string, root: string, target: string): Promise<number>;
}
