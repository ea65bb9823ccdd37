import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { CompiledTenant } from '../routing/compiled-tenant.ts';
import { amendDispatch, reopening } from './amend-dispatch.ts';
import { beginBulk } from './begin-bulk.ts';
import { targetNames } from './bulk-target.ts';
import { splitTarget } from './choose-targets.ts';
import { notFound } from './not-found.ts';
import { eachOrRefusal } from './refusal.ts';
import { type RetryManyRequest, type RetryPlan, readRetryRequest } from './retry-many-request.ts';
import { createRetryTally, type RetryManyResult, type RetryTally } from './retry-tally.ts';
import type { TenantScope } from './tenant-services.ts';

/** Dispatches that are tried again at the same time. */
const pageSize = 32;

/** Most dispatches that one call reads, so that a query which finds little ends, too; its answer has a cursor. */
const mostRead = 50_000;

/**
 * Opens a new round for every dispatch that is asked for and ended before the call, or before the first call with its key: what dies anew is
 * not tried again. Oldest first, page by page; a call that was interrupted is called again.
 */
export async function retryMany(scope: TenantScope, request: RetryManyRequest): Promise<RetryManyResult> {
  await scope.ready();
  const plan = await readRetryRequest(scope, request);
  request.signal?.throwIfAborted();
  const begun = await beginning(scope, plan);
  const tally = createRetryTally();
  let { cursor } = plan;
  let read = 0;
  do {
    const limit = Math.min(pageSize, plan.limit - tally.progress().dispatches);
    const page = await readDispatches(scope, plan, { cursor, limit });
    const wanted = page.items.filter((record) => (record.finishedAt ?? 0) <= begun && plan.fits(record));
    await retryPage(scope, plan, { wanted, tally });
    cursor = page.cursor;
    read += page.items.length;
    request.onProgress?.(tally.progress());
  } while (cursor !== null && tally.progress().dispatches < plan.limit && read < mostRead && !request.signal?.aborted);
  return tally.result(cursor, await targetNames(scope));
}

async function beginning(scope: TenantScope, { dryRun, idempotencyKey, query }: RetryPlan): Promise<number> {
  if (dryRun || idempotencyKey === undefined) return Math.floor(await scope.storage.now());
  return beginBulk(scope, { verb: 'retry', idempotencyKey, query });
}

function readDispatches(
  { tenant, storage }: TenantScope,
  { status, target, operation }: RetryPlan,
  page: { cursor: string | null; limit: number },
) {
  const filter = { status, ...(target === undefined ? {} : { target }), ...(operation === undefined ? {} : { operation }) };
  return storage.history.dispatches(tenant, filter, { ...page, order: 'oldest' });
}

async function retryPage(
  scope: TenantScope,
  { dryRun, status }: RetryPlan,
  { wanted, tally }: { readonly wanted: readonly DispatchRecord[]; readonly tally: RetryTally },
): Promise<void> {
  const items = wanted.map((record) => ({ id: formatDispatchId(record.key), record }));
  if (items.length === 0) return;
  const configuration = await scope.cache.recent(scope.tenant, 0);
  const known = { ...scope.compiled.of(configuration), isKept: (endpoint: string) => configuration.endpoint(endpoint) !== undefined };
  const outcomes = await eachOrRefusal(items, async ({ record }) => {
    checkTarget(known, record);
    return { isChanged: dryRun || (await retryOne(scope, record, status)) };
  });
  for (const [index, { record }] of items.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    if ('refused' in outcome) tally.refuse(outcome.refused);
    else tally.add(record, outcome.isChanged ? 'retried' : 'repeated');
  }
}

/** A new round for a retired subscriber would wait for ever, and one for a deleted endpoint would end at once. */
function checkTarget(
  known: Pick<CompiledTenant, 'hasSubscriber'> & { readonly isKept: (endpoint: string) => boolean },
  { key }: DispatchRecord,
): void {
  const [kind, name] = splitTarget(key.target);
  if (kind === 'endpoint' && !known.isKept(name))
    throw new PatchbayError({ code: 'not_found', message: 'The endpoint was deleted, so nothing can be delivered to it.' });
  if (kind !== 'subscriber' || known.hasSubscriber(name)) return;
  throw new PatchbayError({ code: 'not_found', message: 'The subscriber is retired, so nobody would take it. Subscribe it again first.' });
}

/** Opens the round behind the one that was seen, and no other. False where somebody else has. */
async function retryOne(scope: TenantScope, seen: DispatchRecord, status: 'dead' | 'cancelled'): Promise<boolean> {
  const amendment = { ...reopening([status]), isDone: (record: DispatchRecord) => record.round > seen.round };
  let known: DispatchRecord | null = seen;
  return amendDispatch(scope, amendment, async () => {
    const record = known ?? (await scope.storage.history.dispatch(seen.key));
    known = null;
    if (!record) throw notFound('dispatch');
    return record;
  });
}
