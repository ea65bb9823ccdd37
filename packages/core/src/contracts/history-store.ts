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

/** Which page. Newest root first. */
export interface PageRequest {
  readonly cursor: string | null;
  /** 1 to 500. */
  readonly limit: number;
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
  events(tenant: string, filter: { readonly type?: string }, page: PageRequest): Promise<HistoryPage<EventRecord>>;
  run(key: RunKey): Promise<RunRecord | null>;
  runs(
    tenant: string,
    filter: { readonly root?: string; readonly automation?: string; readonly status?: RunStatus },
    page: PageRequest,
  ): Promise<HistoryPage<RunRecord>>;
  dispatch(key: DispatchKey): Promise<DispatchRecord | null>;
  dispatches(
    tenant: string,
    filter: { readonly root?: string; readonly target?: string; readonly replay?: number; readonly status?: DispatchStatus },
    page: PageRequest,
  ): Promise<HistoryPage<DispatchRecord>>;
  /** In order of their number. */
  attempts(key: DispatchKey): Promise<readonly AttemptRecord[]>;
  /** The highest replay number under a root and target, -1 where there is none. */
  lastReplay(tenant: string, root: string, target: string): Promise<number>;
}
