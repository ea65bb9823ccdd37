import { createHash } from 'node:crypto';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import { type DeprecatedUse, deprecatedUses, hasDeprecations } from './deprecated-uses.ts';
import type { TenantScope } from './tenant-services.ts';

/** What telling needs. */
export type DeprecationTeller = Pick<TenantScope, 'tenant' | 'storage' | 'registry' | 'cache' | 'clock' | 'notify'>;

/** Where it is kept what a tenant was told of. */
const stateName = 'deprecations-told';

/** Races that are tried again before it is left to the next look. */
const writeTries = 5;

/**
 * Gives the notice of what a tenant's connections and automations use and goes away: each once, and once more when its last day is over. What is used no more
 * is forgotten. Of several processes one tells. Never rejects: the next look, within some hours, mends it.
 */
export async function tellDeprecations(scope: DeprecationTeller): Promise<void> {
  if (!hasDeprecations(scope.registry)) return;
  try {
    for (let tries = 0; tries < writeTries; tries += 1) if (await tell(scope)) return;
  } catch {
    // What it comes after is committed.
  }
}

async function tell({ tenant, storage, registry, cache, clock, notify }: DeprecationTeller): Promise<boolean> {
  const uses = deprecatedUses(registry, await cache.current(tenant));
  const entry = await storage.states.read(tenant, stateName);
  const told = isJsonObject(entry?.value) ? entry.value : {};
  const at = clock.now();
  const marked = uses.map((use) => ({ use, key: keyOf(use), isOver: isOver(use, at) }));
  const now: Readonly<Record<string, Json>> = Object.fromEntries(marked.map(({ key, isOver: over }) => [key, over]));
  const fresh = marked.filter(({ key, isOver: over }) => told[key] !== over);
  if (fresh.length === 0 && Object.keys(told).length === marked.length) return true;
  const [verdict] = await storage.states.write([
    { tenant, name: stateName, expect: entry?.version ?? 'absent', value: marked.length === 0 ? null : now },
  ]);
  if (verdict?.status !== 'written') return false;
  for (const { use, isOver: over } of fresh) notify('connector.deprecated', noticeOf(use, { tenant, isOver: over, at }));
  return true;
}

/** True where the last day on which it must work has passed. */
export const isOver = ({ sunsetAt }: Pick<DeprecatedUse, 'sunsetAt'>, now: number): boolean => sunsetAt !== null && sunsetAt <= now;

/** The notice of a use, or, without a tenant, of what is registered here. */
export function noticeOf<Tenant extends string | null>(
  { connector: connectorId, ...use }: DeprecatedUse,
  more: { readonly tenant: Tenant; readonly isOver: boolean; readonly at: number },
) {
  return { ...use, connectorId, ...more };
}

/** Short, for all of a tenant's stand in one state. */
function keyOf({ kind, name, major, connectionId, automation }: DeprecatedUse): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, name, major, connectionId, automation]))
    .digest('base64')
    .slice(0, 16);
}
