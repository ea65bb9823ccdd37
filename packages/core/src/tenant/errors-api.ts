import { type ErrorExample, type ErrorTraits, groupPrefix, readGroup, type StoredGroup } from '../error-groups/error-group.ts';
import type { TimeWindow } from './check-window.ts';
import { countedDays } from './counted-days.ts';
import { pageRequest } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** Errors that are alike. Times are milliseconds since 1970. */
export interface ErrorGroup extends ErrorTraits {
  /** The same in every process and for every tenant: of connector, operation, code, status and wording. */
  readonly fingerprint: string;
  /** How often within the window. */
  readonly count: number;
  /** By day in UTC; a day on which there was none is left out. */
  readonly days: readonly { readonly day: string; readonly count: number }[];
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The last one that was seen. */
  readonly example: ErrorExample;
}

/** Which groups; every field narrows. Whole days in UTC are counted, those of both ends among them. */
export interface ErrorFilter extends TimeWindow {
  readonly connector?: string;
  /** Most groups, 1 to 500. @default 50 */
  readonly limit?: number;
}

/** What goes wrong for a tenant, those errors together that are alike. */
export interface ErrorsApi {
  /** Those of most errors first. @default the last 30 days. An error can be found within about a second. */
  list(filter?: ErrorFilter): Promise<readonly ErrorGroup[]>;
}

/** The errors part of a tenant's handle. */
export function errorsApi(scope: TenantScope): ErrorsApi {
  return { list: (filter = {}) => listErrors(scope, filter) };
}

/** States that are read at once. */
const statesAtOnce = 500;

/** Groups that came up within a window, the most frequent first. */
export async function listErrors({ tenant, storage, clock, ready }: TenantScope, filter: ErrorFilter): Promise<readonly ErrorGroup[]> {
  const { limit } = pageRequest({ ...(filter.limit === undefined ? {} : { limit: filter.limit }) });
  const days = countedDays(filter, clock);
  await ready();
  const counted = Map.groupBy(await storage.counters.list({ tenant, prefix: groupPrefix, ...days }), ({ name }) => name);
  const groups: ErrorGroup[] = [];
  if (counted.size === 0) return groups;
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof storage.states.list>> = await storage.states.list(tenant, groupPrefix, {
      cursor,
      limit: statesAtOnce,
    });
    for (const { name, value } of page.entries) {
      const stored = readGroup(value);
      const own = counted.get(name);
      if (!stored || !own || (filter.connector !== undefined && stored.connector !== filter.connector)) continue;
      groups.push(toGroup(name, stored, own));
    }
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return groups.toSorted((left, right) => right.count - left.count || right.lastSeen - left.lastSeen).slice(0, limit);
}

function toGroup(name: string, stored: StoredGroup, own: readonly { readonly day: string; readonly count: number }[]): ErrorGroup {
  const days = own.map(({ day, count }) => ({ day, count }));
  return { fingerprint: name.slice(groupPrefix.length), ...stored, count: days.reduce((sum, { count }) => sum + count, 0), days };
}
