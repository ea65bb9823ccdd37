import type { ClaimedDispatch, ClaimRequest, IngestItem, SettleItem } from '@patchbay/core/adapter';

/** The handler of all dispatches here. */
const handler = 'subscriber:search-index';

/** Dispatches of one claim, and of one batch that comes in. */
export const batchSize = 64;

/** A dispatch of a subscriber, by itself, due in so many milliseconds. */
export function dispatchItem(root: string, tenant: string, delayMs: number): IngestItem {
  const dispatch = {
    key: { tenant, root, target: handler, replay: 0, path: 'deliver' },
    handler,
    lane: handler,
    workClass: 'live' as const,
    operation: 'search-index',
    connection: null,
    input: '{"project":"OPS"}',
    version: null,
    delayMs,
    mark: 'claim' as const,
    onUnknown: 'hold',
    ordering: null,
  } as const;
  const plan = { revision: { hub: 0, tenant: 0 }, considered: [], runs: [], dispatches: [dispatch] };
  return { tenant, root, dedupe: null, event: null, plan, lease: null };
}

/** A claim of one batch. */
export const claimBatch: ClaimRequest = {
  holder: 'worker',
  handlers: [handler],
  limit: batchSize,
  replayShare: 0.25,
  ttlMs: 30_000,
  kind: 'ready',
};

/** The outcome that a dispatch has succeeded. */
export function succeeded(dispatch: ClaimedDispatch): SettleItem {
  const { key, handle, fence, round, holder } = dispatch;
  const attempt = {
    key,
    number: dispatch.lastAttempt + 1,
    round,
    outcome: 'succeeded' as const,
    startedAt: dispatch.storeNow,
    durationMs: 1,
    holder,
    fence,
    error: null,
    retryInMs: null,
    providerRequestId: null,
    warnings: [],
    exchange: null,
  };
  return { tenant: key.tenant, handle, fence, key, attempt, settlement: { to: 'succeeded', output: null }, run: null, lease: null };
}
