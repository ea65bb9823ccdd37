import type { DispatchRecord, RunKey, RunRecord } from '../contracts/dispatch-records.ts';
import { type RunDetail, toRunDetail } from './run-view.ts';
import type { TenantScope } from './tenant-services.ts';
import { viewDispatches } from './view-dispatches.ts';

/** A run with its dispatches and their attempts. */
export async function readRunDetail(scope: TenantScope, record: RunRecord): Promise<RunDetail> {
  const dispatches = await dispatchesOf(scope, record.key);
  return toRunDetail(record, await viewDispatches(scope, dispatches));
}

async function dispatchesOf(scope: TenantScope, key: RunKey): Promise<readonly DispatchRecord[]> {
  const { history } = scope.storage;
  const filter = { root: key.root, target: `automation:${key.automation}`, replay: key.replay };
  const dispatches: DispatchRecord[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof history.dispatches>> = await history.dispatches(scope.tenant, filter, { cursor, limit: 500 });
    dispatches.push(...page.items);
    cursor = page.cursor;
    if (cursor === null) return dispatches;
  }
}
