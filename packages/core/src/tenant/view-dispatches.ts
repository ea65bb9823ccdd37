import type { DispatchRecord } from '../contracts/dispatch-records.ts';
import { type DispatchView, toDispatchView } from './dispatch-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** Dispatches as the host sees them, with their attempts, and with what closes the lane of those that wait. */
export async function viewDispatches(
  { tenant, storage }: Pick<TenantScope, 'tenant' | 'storage'>,
  records: readonly DispatchRecord[],
): Promise<readonly DispatchView[]> {
  const closed = records.some(({ status }) => status === 'pending') ? await storage.gates.list(tenant) : [];
  const reasons = new Map(closed.map(({ lane, reason }) => [lane, reason]));
  return Promise.all(
    records.map(async (record) => {
      const view = toDispatchView(record, await storage.history.attempts(record.key));
      const reason = record.status === 'pending' ? reasons.get(record.lane) : undefined;
      return reason === undefined ? view : { ...view, reason };
    }),
  );
}

/** One dispatch as the host sees it. */
export async function viewDispatch(scope: Pick<TenantScope, 'tenant' | 'storage'>, record: DispatchRecord): Promise<DispatchView> {
  const [view] = await viewDispatches(scope, [record]);
  // One record gives one view.
  return view as DispatchView;
}
