import type { DispatchView, TenantHandle } from '@patchbay/core';

/** A dispatch as the ledger has it, with its status, action, input and attempts, and whose it is. */
export interface RecordedDispatch extends DispatchView {
  readonly tenant: string;
}

/** Any hub, as far as its ledger is read. */
interface LedgerHub {
  tenant(id: string): Pick<TenantHandle, 'dispatches'>;
}

/** Largest page that a hub answers. */
const limit = 500;

/** All dispatches of one tenant, oldest first. */
export async function dispatchesOf(hub: LedgerHub, tenant: string): Promise<readonly RecordedDispatch[]> {
  const { dispatches } = hub.tenant(tenant);
  const newestFirst: RecordedDispatch[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof dispatches.list>> = await dispatches.list({ cursor, limit });
    newestFirst.push(...page.items.map((view) => ({ ...view, tenant })));
    cursor = page.cursor;
  } while (cursor !== null);
  return newestFirst.reverse();
}
