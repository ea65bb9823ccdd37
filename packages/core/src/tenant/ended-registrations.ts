import { dayOf } from '../clock/day-of.ts';
import type { TenantScope } from './tenant-services.ts';

/** What the counters are called that say of which connector a registration was. */
const prefix = 'webhook-of:';

/** A registration that ends. */
export interface EndingRegistration {
  readonly id: string;
  readonly connector: string;
}

/**
 * Counts that a registration of a connector ends: its row, which says of which it was, goes, and its counts stay. Counted before the row goes, and again
 * where that is tried again.
 */
export async function noteEnding(
  { tenant, storage, clock, generateId }: TenantScope,
  { id, connector }: EndingRegistration,
): Promise<void> {
  const day = dayOf(clock.now());
  await storage.counters.add({ id: generateId(), deltas: [{ tenant, name: `${prefix}${id}:${connector}`, day, by: 1 }] });
}

/** The connectors of the registrations that have ended since a day (`YYYY-MM-DD`, UTC), by id. */
export async function endedSince({ tenant, storage, clock }: TenantScope, fromDay: string): Promise<ReadonlyMap<string, string>> {
  const toDay = dayOf(clock.now());
  const ended = fromDay > toDay ? [] : await storage.counters.list({ tenant, prefix, fromDay, toDay });
  return new Map(
    ended.map(({ name }) => {
      const at = name.indexOf(':', prefix.length);
      return [name.slice(prefix.length, at), name.slice(at + 1)];
    }),
  );
}
