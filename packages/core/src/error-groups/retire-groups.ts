import type { StateStore } from '../contracts/state-store.ts';
import type { TenantsRequest } from '../contracts/tenants-request.ts';
import { groupPrefix, readGroup } from './error-group.ts';

/** What taking groups away needs. */
export interface RetireGroupsOptions {
  readonly listTenants: (request: TenantsRequest) => Promise<readonly string[]>;
  readonly states: Pick<StateStore, 'list' | 'write'>;
  /** Groups that came up last before this time go, milliseconds since 1970. */
  readonly before: number;
}

const atOnce = { tenants: 500, groups: 500 };

/** Takes away groups that have not come up for long. One that comes up at this moment stays: its write and this one go by its version. */
export async function retireGroups({ listTenants, states, before }: RetireGroupsOptions): Promise<void> {
  for (let after: string | null = null; ; ) {
    const tenants: readonly string[] = await listTenants({ after, limit: atOnce.tenants });
    for (const tenant of tenants) await retireOf(states, tenant, before);
    if (tenants.length < atOnce.tenants) return;
    after = tenants.at(-1) ?? null;
  }
}

async function retireOf(states: RetireGroupsOptions['states'], tenant: string, before: number): Promise<void> {
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof states.list>> = await states.list(tenant, groupPrefix, { cursor, limit: atOnce.groups });
    const old = page.entries.filter(({ value }) => (readGroup(value)?.lastSeen ?? 0) < before);
    const items = old.map(({ name, version }) => ({ tenant, name, expect: version, value: null }));
    if (items.length > 0) await states.write(items);
    cursor = page.cursor;
    if (cursor === null) return;
  }
}
