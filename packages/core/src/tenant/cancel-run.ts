import { toEntry } from '../audit/recorder.ts';
import { formatRunId } from '../contracts/dispatch-id.ts';
import type { RunRecord } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { giveRunFinished } from '../events/give-run-finished.ts';
import type { TenantScope } from './tenant-services.ts';

/** Times that a run may move on under our hands. */
const tries = 20;

/** Ends a run with what waits below it; one that has ended stays as it is. Throws `conflict` for one that keeps moving on. */
export async function cancelRun(scope: TenantScope, read: () => Promise<RunRecord>): Promise<RunRecord> {
  const { storage, queue } = scope;
  for (let count = 0; count < tries; count += 1) {
    const { key, revision, status } = await read();
    if (status !== 'running') return read();
    const act = { action: 'run.cancel', object: { type: 'run', id: formatRunId(key) }, correlation: key.root };
    const verdict = await storage.cancelRun({ key, revision, audit: toEntry(act, scope.recorder) });
    if (verdict.status !== 'done') continue;
    giveRunFinished(scope, { key, status: 'cancelled' });
    // Another run may have waited for it. A lost wake-up costs a poll interval, so its failure is nobody's business.
    await queue.wake({}).catch(() => undefined);
    return read();
  }
  throw new PatchbayError({ code: 'conflict', message: 'The run keeps moving on. Try again.', retryable: true });
}
