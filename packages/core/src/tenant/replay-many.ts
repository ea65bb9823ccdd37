import type { EventRecord } from '../contracts/dispatch-records.ts';
import { beginBulk } from './begin-bulk.ts';
import { targetNames } from './bulk-target.ts';
import { type EventPage, readEvents } from './event-pages.ts';
import { notFound } from './not-found.ts';
import { recordAct } from './record-act.ts';
import { eachOrRefusal } from './refusal.ts';
import { previewReplay, replayEvent, type StartedReplay } from './replay-event.ts';
import { type ReplayManyRequest, type ReplayPlan, readReplayRequest } from './replay-many-request.ts';
import { createReplayTally, type ReplayManyResult, type ReplayTally } from './replay-tally.ts';
import type { TenantScope } from './tenant-services.ts';

/** Events that are replayed at the same time. Their data is held meanwhile, at most 1 MiB each. */
const pageSize = 32;

/** Most events that one call reads, so that a query which finds little ends, too; its answer has a cursor. */
const mostRead = 50_000;

/**
 * Replays the events that are named or found, oldest first, page by page. What may pass (a store that is away) ends the call, and a call with
 * the same key starts what is left: each event once for each key.
 */
export async function replayMany(scope: TenantScope, request: ReplayManyRequest): Promise<ReplayManyResult> {
  await scope.ready();
  const plan = await readReplayRequest(scope, request);
  request.signal?.throwIfAborted();
  const { only } = plan.choice;
  const details = { limit: plan.limit, ...(only === undefined ? {} : { target: only }) };
  if (!plan.dryRun) await recordAct(scope, { action: 'event.replay_many', object: { type: 'event', id: 'many' }, details });
  const begun = await beginning(scope, plan);
  // What is stored at the moment of the beginning belongs to it.
  const to = Math.min(request.to ?? begun + 1, begun + 1);
  const window = request.from === undefined ? { to } : { from: request.from, to };
  const tally = createReplayTally();
  let { cursor } = plan;
  let read = 0;
  do {
    const limit = Math.min(pageSize, plan.limit - counted(tally));
    const page = await readEvents(scope, { ...plan, window }, { cursor, limit });
    await replayPage(scope, plan, { page, tally });
    cursor = page.cursor;
    read += page.read;
    request.onProgress?.(tally.progress());
  } while (cursor !== null && counted(tally) < plan.limit && read < mostRead && !request.signal?.aborted);
  return tally.result(cursor, await targetNames(scope));
}

/** When the replay began: now, or when the first call with this key did. */
async function beginning(scope: TenantScope, { dryRun, idempotencyKey, query }: ReplayPlan): Promise<number> {
  if (dryRun || idempotencyKey === undefined) return Math.floor(await scope.storage.now());
  return beginBulk(scope, { verb: 'replay', idempotencyKey, query });
}

/** Events that count towards the limit of a call: what a call with the same key has started counts again, so that both cover the same. */
function counted(tally: ReplayTally): number {
  const { replayed, repeated, refused } = tally.progress();
  return replayed + repeated + refused;
}

async function replayPage(
  scope: TenantScope,
  plan: ReplayPlan,
  { page, tally }: { readonly page: EventPage; readonly tally: ReplayTally },
): Promise<void> {
  const { tenant, storage, cache } = scope;
  const { dryRun, choice, idempotencyKey } = plan;
  for (const id of page.missing) tally.refuse(refusalOf(id));
  if (page.records.length === 0) return;
  // Before anything else is read of the events: one that is routed from now on is seen with all that was planned for it.
  const waiting = choice.unmatched === 'plan' ? await storage.history.unrouted(tenant, idsOf(page.records)) : [];
  const configuration = await cache.recent(tenant, 0);
  const options = { ...choice, configuration, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
  const act = dryRun ? previewReplay : replayEvent;
  const outcomes = await eachOrRefusal(page.records, async (record): Promise<StartedReplay> => {
    // Its turn comes, and then it meets what is configured by then.
    if (waiting.includes(record.id)) return { result: { runIds: [], dispatchIds: [] }, targets: [], isRepeated: false };
    return act(scope, record, options);
  });
  for (const [index, record] of page.records.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    if ('refused' in outcome) tally.refuse(outcome.refused);
    else tally.add(record, outcome);
  }
}

const idsOf = (records: readonly EventRecord[]): readonly string[] => records.map(({ id }) => id);

function refusalOf(id: string): { readonly id: string; readonly code: string; readonly message: string } {
  const { code, message } = notFound('event');
  // What was passed as an id may be anything.
  return { id: id.slice(0, 100), code, message };
}
