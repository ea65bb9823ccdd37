import type { RowPage } from '../contracts/configuration-store.ts';
import type { Storage } from '../contracts/storage.ts';
import { type KeeperParts, sendKeeper } from './keeper.ts';
import { scheduleKeeper, scheduleOf } from './schedule-keeper.ts';

/** What looking for schedules needs. */
export interface KeepSchedulesParts extends KeeperParts {
  readonly storage: Pick<Storage<unknown>, 'configuration' | 'listTenants' | 'now'>;
}

/** Rows read at once. */
const pageSize = 500;

/** Sends a keeper to every schedule that has none: where a process has ended between a change and its keeper, or a keeper was lost. */
export async function keepSchedules(parts: KeepSchedulesParts): Promise<void> {
  const { storage } = parts;
  for (let after: string | null = null; ; ) {
    const tenants: readonly string[] = await storage.listTenants({ after, limit: pageSize });
    for (const tenant of tenants) await keepTenant(parts, tenant);
    after = tenants.at(-1) ?? null;
    if (tenants.length < pageSize) return;
  }
}

async function keepTenant(parts: KeepSchedulesParts, tenant: string): Promise<void> {
  const { configuration } = parts.storage;
  for (let cursor: string | null = null; ; ) {
    const page: RowPage<'automation'> = await configuration.list(tenant, 'automation', { cursor, limit: pageSize });
    for (const row of page.rows) {
      if (scheduleOf(row.value) !== undefined) await sendKeeper(parts, scheduleKeeper(tenant, row), await parts.storage.now());
    }
    cursor = page.cursor;
    if (cursor === null) return;
  }
}
