import type { FullReceipt, KeptReceipt } from '../contracts/receipt-store.ts';
import { type BulkRequest, checkBulk } from './bulk-request.ts';
import { type KeptDeliveryFilter, receiptFilter } from './kept-delivery-filter.ts';
import { recordAct } from './record-act.ts';
import { eachOrRefusal, type Refusal } from './refusal.ts';
import { mostRefusals } from './replay-tally.ts';
import type { TenantScope } from './tenant-services.ts';

/** How far a replay of kept deliveries has come. */
export interface KeptReplayProgress {
  /** Kept deliveries that are asked for and were looked at in this call. */
  readonly deliveries: number;
  /** Of them: taken in, or would be tried. */
  readonly replayed: number;
  /** They became no events and stay. */
  readonly refused: number;
  /** Events that the deliveries brought, also where an event had come before. */
  readonly events: number;
}

/** Which kept deliveries are replayed. The window is of the times at which they came. */
export interface KeptReplayRequest extends BulkRequest<KeptReplayProgress>, KeptDeliveryFilter {}

/** What a replay of kept deliveries came to, or would. */
export interface KeptReplayResult extends KeptReplayProgress {
  /** How often each code of an error was among those that were asked for. */
  readonly codes: Readonly<Record<string, number>>;
  /** The first 100. */
  readonly refusals: readonly Refusal[];
  /** Goes on behind the last one; `null` where all were looked at. */
  readonly cursor: string | null;
}

/** Deliveries that are replayed at the same time: each may have a body as large as bodies are. */
const pageSize = 8;

/** Takes a kept delivery in again and keeps it no longer. Answers how many events it brought. */
export async function replayKept(scope: TenantScope, receipt: FullReceipt): Promise<number> {
  await recordAct(scope, {
    action: 'webhook.replay',
    object: { type: 'receipt', id: receipt.id },
    connection: receipt.connection,
    details: { registration: receipt.registration, code: receipt.error.code },
  });
  const events = await scope.replayReceipt(receipt);
  await scope.storage.receipts.remove(scope.tenant, receipt.id);
  return events;
}

/**
 * Replays what is asked for and was kept before the call, oldest first. A call that was interrupted is called again: what has been taken in is kept no
 * longer.
 */
export async function replayKeptMany(scope: TenantScope, request: KeptReplayRequest): Promise<KeptReplayResult> {
  const { limit, dryRun, ...bounds } = checkBulk(request);
  const filter = receiptFilter(request);
  await scope.ready();
  request.signal?.throwIfAborted();
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = request;
  const tally = createTally();
  let { cursor } = bounds;
  do {
    const page = { cursor, limit: Math.min(pageSize, limit - tally.counts.deliveries), order: 'oldest' } as const;
    const found = await scope.storage.receipts.page(scope.tenant, filter, page);
    const wanted = found.items.filter(({ receivedAt }) => receivedAt >= from && receivedAt < to);
    const outcomes = await eachOrRefusal(wanted, async ({ id }) => ({ events: dryRun ? 0 : await replayById(scope, id) }));
    for (const [index, receipt] of wanted.entries()) tally.add(receipt, outcomes[index]);
    cursor = found.cursor;
    request.onProgress?.({ ...tally.counts });
  } while (cursor !== null && tally.counts.deliveries < limit && !request.signal?.aborted);
  return { ...tally.counts, codes: Object.fromEntries(tally.codes), refusals: tally.refusals, cursor };
}

/** Nothing where somebody else has replayed or discarded it meanwhile. */
async function replayById(scope: TenantScope, id: string): Promise<number> {
  const receipt = await scope.storage.receipts.get(scope.tenant, id);
  return receipt === null ? 0 : replayKept(scope, receipt);
}

type Outcome = { readonly events: number } | { readonly refused: Refusal };

function createTally() {
  const counts = { deliveries: 0, replayed: 0, refused: 0, events: 0 };
  const codes = new Map<string, number>();
  const refusals: Refusal[] = [];
  return {
    counts,
    codes,
    refusals,
    add({ error }: KeptReceipt, outcome: Outcome | undefined): void {
      if (outcome === undefined) return;
      counts.deliveries += 1;
      codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
      if ('refused' in outcome) {
        counts.refused += 1;
        if (refusals.length < mostRefusals) refusals.push(outcome.refused);
        return;
      }
      counts.replayed += 1;
      counts.events += outcome.events;
    },
  };
}
