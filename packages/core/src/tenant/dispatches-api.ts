import type { DispatchEnd } from '../contracts/advancer.ts';
import { parseDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord, DispatchStatus } from '../contracts/dispatch-records.ts';
import type { AmendItem, AmendVerdict, RunChange } from '../contracts/hot-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { createAdvancer } from '../routing/create-advancer.ts';
import { type DispatchView, toDispatchView } from './dispatch-view.ts';
import { notFound } from './not-found.ts';
import { type Page, type PageOptions, pageRequest } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** How a person ends a held dispatch. */
export type HeldResolution =
  | { readonly as: 'succeeded'; readonly output?: Json }
  | { readonly as: 'failed'; readonly message?: string }
  | { readonly as: 'retry' };

/** A tenant's dispatches: the ledger, as far as it is theirs. */
export interface DispatchesApi {
  get(id: string): Promise<DispatchView>;
  /** Newest first; `dead` is the dead-letter list, `held` is what waits for a person. */
  list(filter?: { readonly status?: DispatchStatus; readonly eventId?: string } & PageOptions): Promise<Page<DispatchView>>;
  /** Opens a new round of a dead, held or cancelled one: same key, attempts from 0. Its run goes on. */
  retry(id: string): Promise<DispatchView>;
  /** Ends one that waits. `conflict` while a worker has it. */
  cancel(id: string): Promise<DispatchView>;
  /** Says what became of a held one: it succeeded (with an output), it failed, or it is to be tried again. */
  resolve(id: string, resolution: HeldResolution): Promise<DispatchView>;
}

type Verb = 'reopen' | 'resolve' | 'cancel';

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
  const view = async (id: string): Promise<DispatchView> => {
    const record = await read(id);
    return toDispatchView(record, await storage.history.attempts(record.key));
  };
  const amend = async (
    id: string,
    verb: Verb,
    settlementFor: (record: DispatchRecord) => AmendItem['settlement'],
  ): Promise<DispatchView> => {
    for (let tries = 0; tries < 5; tries += 1) {
      const record = await read(id);
      const settlement = settlementFor(record);
      const item: AmendItem = { key: record.key, round: record.round, settlement, run: await runChange(scope, record, settlement) };
      const [verdict] = await storage[verb]([item]);
      if (settled(verdict)) {
        if (settlement.to === 'pending') await storage.queue.wake({ handlers: [record.handler] }).catch(() => undefined);
        return view(id);
      }
    }
    throw new PatchbayError({ code: 'conflict', message: 'The dispatch keeps changing. Try again.', retryable: true });
  };
  return {
    get: view,
    async list({ status, eventId, ...page } = {}) {
      await scope.ready();
      const filter = { ...(status === undefined ? {} : { status }), ...(eventId === undefined ? {} : { root: eventId }) };
      const found = await storage.history.dispatches(tenant, filter, pageRequest(page));
      const items = await Promise.all(
        found.items.map(async (record) => toDispatchView(record, await storage.history.attempts(record.key))),
      );
      return { items, cursor: found.cursor };
    },
    retry: (id) => amend(id, 'reopen', (record) => reopened(record)),
    cancel: (id) => amend(id, 'cancel', (record) => requireStatus(record, ['pending', 'held'], { to: 'cancelled' })),
    resolve: (id, resolution) =>
      resolution.as === 'retry'
        ? amend(id, 'reopen', (record) => requireStatus(record, ['held'], reopened(record)))
        : amend(id, 'resolve', (record) => requireStatus(record, ['held'], ending(resolution))),
  };
}

function settled(verdict: AmendVerdict | undefined): boolean {
  if (verdict?.status === 'missing') throw notFound('dispatch');
  if (verdict?.status === 'busy')
    throw new PatchbayError({
      code: 'conflict',
      message: 'A worker has the dispatch at this moment. Wait for its outcome.',
      retryable: true,
    });
  return verdict?.status === 'done';
}

function reopened(record: DispatchRecord): AmendItem['settlement'] {
  return requireStatus(record, ['dead', 'held', 'cancelled'], { to: 'pending', delayMs: 0, forget: true });
}

function ending(resolution: Exclude<HeldResolution, { as: 'retry' }>): AmendItem['settlement'] {
  if (resolution.as === 'succeeded')
    return { to: 'succeeded', output: resolution.output === undefined ? null : JSON.stringify(resolution.output) };
  return {
    to: 'dead',
    error: { code: 'outcome_unknown', message: (resolution.message ?? 'A person found that it did not happen.').slice(0, 500) },
  };
}

function requireStatus(
  record: DispatchRecord,
  allowed: readonly DispatchStatus[],
  settlement: AmendItem['settlement'],
): AmendItem['settlement'] {
  if (allowed.includes(record.status)) return settlement;
  throw new PatchbayError({
    code: 'conflict',
    message: `The dispatch is ${record.status}; this is for one that is ${allowed.join(' or ')}.`,
  });
}

/** What the change means for the run: it goes on where it stood, or ends with the dispatch. */
async function runChange(scope: TenantScope, record: DispatchRecord, settlement: AmendItem['settlement']): Promise<RunChange | null> {
  const { key } = record;
  if (!key.target.startsWith('automation:')) return null;
  const run = await scope.storage.history.run({
    tenant: key.tenant,
    root: key.root,
    automation: key.target.slice('automation:'.length),
    replay: key.replay,
  });
  if (!run) return null;
  const same = { key: run.key, revision: run.revision, state: run.state, next: [] };
  if (settlement.to === 'pending') return { ...same, status: 'running', error: null };
  if (settlement.to === 'cancelled') return { ...same, status: 'cancelled', error: null };
  const end: DispatchEnd =
    settlement.to === 'succeeded' ? { ended: 'succeeded', output: settlement.output } : { ended: 'failed', error: settlement.error };
  return createAdvancer(scope).advance(record, run, end);
}
