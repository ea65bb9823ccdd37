import { neverDue, parkedCondition, readyCondition, suspectCondition } from '../schema/tables.ts';
import { number, type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { gateOpensAt } from './gate-check.ts';

// The first due of each lane is enough; the walk goes from lane to lane by one probe each.
const nextLane = `
  select work_class, tenant, lane, handler, due_at as at from dispatches
  where ${readyCondition} and (work_class, tenant, lane, handler) > (?, ?, ?, ?)
  order by work_class, tenant, lane, handler, due_at limit 1`;

const later = [
  `select tenant, lane, handler, due_at as at from dispatches where ${parkedCondition} and due_at < ${neverDue} order by due_at`,
  `select tenant, lane, handler, due_at as at from dispatches where ${suspectCondition} order by due_at`,
  "select tenant, lane, handler, lease_until as at from dispatches where status = 'leased' order by lease_until",
];

function* lanes(session: Session): Generator<Row> {
  let place: readonly [string, string, string, string] = ['', '', '', ''];
  for (;;) {
    const row = session.get(nextLane, ...place);
    if (row === undefined) return;
    yield row;
    place = [text(row, 'work_class'), text(row, 'tenant'), text(row, 'lane'), text(row, 'handler')];
  }
}

/** Milliseconds until something can be claimed, 0 when it can now, `null` when nothing waits. */
export function nextDue(session: Session, request: { readonly handlers: readonly string[] }, now: number): number | null {
  const handlers = new Set(request.handlers);
  let best = Number.POSITIVE_INFINITY;
  const look = (row: Row): void => {
    if (!handlers.has(text(row, 'handler')) || number(row, 'at') >= best) return;
    best = Math.min(best, Math.max(number(row, 'at'), gateOpensAt(session, text(row, 'tenant'), text(row, 'lane'))));
  };
  for (const row of lanes(session)) {
    look(row);
    if (best <= now) return 0;
  }
  for (const sql of later) {
    for (const row of session.each(sql)) {
      if (number(row, 'at') >= best) break;
      look(row);
    }
  }
  return Number.isFinite(best) ? Math.max(0, best - now) : null;
}
