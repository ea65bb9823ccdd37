import type { CounterStore, DayCount } from '@patchbay/core/adapter';
import { compareBytes } from './compare-bytes.ts';

/** How many batches are remembered against repeats. A batch is repeated within seconds; one a second of 100 processes fits for minutes. */
const rememberedBatches = 10_000;

const byNameAndDay = (left: DayCount, right: DayCount): number => compareBytes(left.name, right.name) || (left.day < right.day ? -1 : 1);

/** Counters by tenant, name and day. */
export function memoryCounters(): CounterStore {
  const counts = new Map<string, Map<string, Map<string, number>>>();
  let recent = new Set<string>();
  let older = new Set<string>();

  const daysOf = (tenant: string, name: string): Map<string, number> => {
    const names = counts.get(tenant) ?? new Map<string, Map<string, number>>();
    counts.set(tenant, names);
    const days = names.get(name) ?? new Map<string, number>();
    names.set(name, days);
    return days;
  };

  const remember = (id: string): void => {
    recent.add(id);
    if (recent.size < rememberedBatches) return;
    older = recent;
    recent = new Set();
  };

  return {
    async add(batch) {
      if (recent.has(batch.id) || older.has(batch.id)) return;
      remember(batch.id);
      for (const { tenant, name, day, by } of batch.deltas) {
        const days = daysOf(tenant, name);
        days.set(day, (days.get(day) ?? 0) + by);
      }
    },
    async read({ tenant, name, fromDay, toDay }) {
      let sum = 0;
      for (const [day, count] of counts.get(tenant)?.get(name) ?? []) if (day >= fromDay && day <= toDay) sum += count;
      return sum;
    },
    async list({ tenant, prefix, fromDay, toDay }) {
      const names = [...(counts.get(tenant) ?? [])].filter(([name]) => name.startsWith(prefix));
      const found = names.flatMap(([name, days]) => [...days].map(([day, count]) => ({ name, day, count })));
      return found.filter(({ day }) => day >= fromDay && day <= toDay).sort(byNameAndDay);
    },
  };
}
