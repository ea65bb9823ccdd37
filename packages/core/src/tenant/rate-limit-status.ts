import { limitStatus, type RateLimitStatus } from '../gateway/limits/limit-status.ts';
import { connectionRow } from './connection-row.ts';
import type { TenantScope } from './tenant-services.ts';

/** How the limits of a connection stand. Throws `not_found`. */
export async function rateLimitStatus(scope: TenantScope, reference: string): Promise<readonly RateLimitStatus[]> {
  const { tenant, storage, limits, clock, registry } = scope;
  const row = await connectionRow(scope, reference);
  const { definition } = registry.getFor(row.value);
  const now = await storage.now();
  const hostLimits = row.value.limits ?? [];
  return limitStatus({ states: storage.states, limits, clock, now, tenant, connectionId: row.id, definition, hostLimits });
}
