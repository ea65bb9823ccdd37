import { parseDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord, DispatchStatus } from '../contracts/dispatch-records.ts';
import { isUuid } from '../id/is-uuid.ts';
import type { Json } from '../json/json.ts';
import { type Amendment, amendDispatch, cancelling, reopening, resolving } from './amend-dispatch.ts';
import { checkOutput } from './check-output.ts';
import { checkStatus } from './check-status.ts';
import { type DispatchView, dispatchStatuses } from './dispatch-view.ts';
import { notFound } from './not-found.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { retryMany } from './retry-many.ts';
import type { RetryManyRequest } from './retry-many-request.ts';
import type { RetryManyResult } from './retry-tally.ts';
import type { TenantScope } from './tenant-services.ts';
import { viewDispatch, viewDispatches } from './view-dispatches.ts';

/** How a person ends a held dispatch. */
export type HeldResolution =
  | { readonly as: 'succeeded'; readonly output?: Json }
  | { readonly as: 'failed'; readonly message?: string }
  | { readonly as: 'retry' };

/** Which dispatches to list. */
export interface DispatchFilter extends ListOptions {
  /** `dead` is the dead-letter list, `held` is what waits for a person. */
  readonly status?: DispatchStatus;
  readonly eventId?: string;
}

/** A tenant's dispatches: the ledger, as far as it is theirs. A change that is already as it is asked for is done, so a call may be repeated. */
export interface DispatchesApi {
  get(id: string): Promise<DispatchView>;
  /** Newest first. */
  list(filter?: DispatchFilter): Promise<Page<DispatchView>>;
  /** Opens a new round of a dead, held or cancelled one: same key, attempts from 0. Its run goes on. */
  retry(id: string): Promise<DispatchView>;
  /**
   * Opens a new round for each of many that are dead or cancelled, oldest first: same keys. Capped, with a dry run, and each once however
   * often the call is repeated with its key.
   */
  retryMany(request?: RetryManyRequest): Promise<RetryManyResult>;
  /** Ends one that waits, and its run. `conflict` while a worker has it. */
  cancel(id: string): Promise<DispatchView>;
  /** Says what became of a held one: it succeeded (with an output), it failed, or it is to be tried again. */
  resolve(id: string, resolution: HeldResolution): Promise<DispatchView>;
}

/** The dispatches part of a tenant's handle. */
export function dispatchesApi(scope: TenantScope): DispatchesApi {
  const { tenant, storage } = scope;
  const read = async (id: string): Promise<DispatchRecord> => {
    await scope.ready();
    const key = parseDispatchId(tenant, id);
    const record = key ? await storage.history.dispatch(key) : null;
    if (!record) throw notFound('dispatch');
    return record;
  };
  const amend = async (id: string, amendment: Amendment): Promise<DispatchView> => {
    await amendDispatch(scope, amendment, () => read(id));
    return viewDispatch(scope, await read(id));
  };
  return {
    get: async (id) => viewDispatch(scope, await read(id)),
    async list({ status, eventId, ...page } = {}) {
      await scope.ready();
      checkStatus({ of: 'dispatch', status, known: dispatchStatuses });
      const request = pageRequest(page);
      if (eventId !== undefined && !isUuid(eventId)) return { items: [], cursor: null };
      const filter = { ...(status === undefined ? {} : { status }), ...(eventId === undefined ? {} : { root: eventId }) };
      const found = await storage.history.dispatches(tenant, filter, request);
      return { items: await viewDispatches(scope, found.items), cursor: found.cursor };
    },
    retry: (id) => amend(id, reopening(['dead', 'held', 'cancelled'])),
    retryMany: (request = {}) => retryMany(scope, request),
    cancel: (id) => amend(id, cancelling),
    async resolve(id, resolution) {
      const amendment = resolving(resolution);
      if (resolution.as === 'succeeded') await checkOutput(scope, await read(id), resolution.output);
      return amend(id, amendment);
    },
  };
}
