import type { CounterStore, DayCount } from '@patchbay/core/adapter';
import { lastText } from '../sql/last-text.ts';
import { number, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

/** Milliseconds for which a batch is remembered against repeats. A batch is repeated within seconds. */
const rememberedMs = 24 * 60 * 60 * 1_000;

const remember = 'insert into counter_batches (id, added_at) values (?, ?) on conflict do nothing';
const forget = 'delete from counter_batches where added_at < ?';
const add = `
  insert into counters (tenant, name, day, count) values (?, ?, ?, ?)
  on conflict (tenant, name, day) do update set count = count + excluded.count`;

/** Adds counts; a batch that comes again adds nothing. */
export function addCounts(session: Session, { id, deltas }: Parameters<CounterStore['add']>[0], now: number): void {
  session.run(forget, now - rememberedMs);
  if (session.run(remember, id, now) === 0) return;
  for (const { tenant, name, day, by } of deltas) session.run(add, tenant, name, day, by);
}

const sum = 'select coalesce(sum(count), 0.0) as count from counters where tenant = ? and name = ? and day between ? and ?';

/** The sum of a counter over days. */
export function readCount(session: Session, { tenant, name, fromDay, toDay }: Parameters<CounterStore['read']>[0]): number {
  const row = session.get(sum, tenant, name, fromDay, toDay);
  return row === undefined ? 0 : number(row, 'count');
}

const days = `
  select name, day, count from counters where tenant = ? and name >= ? and name < ? and day between ? and ? order by name, day`;

/** The counts of each day of the names that begin so. */
export const listCounts = (
  session: Session,
  { tenant, prefix, fromDay, toDay }: Parameters<CounterStore['list']>[0],
): readonly DayCount[] =>
  session
    .all(days, tenant, prefix, lastText(prefix), fromDay, toDay)
    .map((row) => ({ name: text(row, 'name'), day: text(row, 'day'), count: number(row, 'count') }));
