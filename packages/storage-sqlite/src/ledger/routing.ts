import type { Considered, EventMark, RoutingPage } from '@patchbay/core/adapter';
import { revisionOf, sameRevision } from '../configuration/revision-of.ts';
import { malformed } from '../sql/refusal.ts';
import { flag, number, optionalJson, optionalText, type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { storePlan } from './birth.ts';
import { eventColumns, eventRecord } from './event-row.ts';

const free = 'ended = 0 and waits = 0 and (lease_until is null or lease_until <= ?)';

const findFree = `select position from event_marks where ${free} order by position limit ?`;

const leaseMark = 'update event_marks set fence = fence + 1, lease_until = ? where position = ? returning tenant, root, fence, routed';

const findEvent = `select ${eventColumns.join(', ')} from events where tenant = ? and id = ?`;

function eventMark(session: Session, mark: Row): EventMark {
  const tenant = text(mark, 'tenant');
  const root = text(mark, 'root');
  const event = session.get(findEvent, tenant, root);
  if (event === undefined) throw new Error('A routing mark has no event.');
  return { tenant, root, event: eventRecord(event), fence: number(mark, 'fence'), routed: number(mark, 'routed') };
}

/** Leases routing marks, oldest first; an expired lease is taken over. */
export function claimMarks(session: Session, request: { readonly limit: number; readonly ttlMs: number }, now: number): EventMark[] {
  const found = session.all(findFree, now, Math.max(0, request.limit));
  return found.map((row) => {
    const mark = session.get(leaseMark, now + request.ttlMs, number(row, 'position'));
    if (mark === undefined) throw new Error('The routing mark to be leased is gone.');
    return eventMark(session, mark);
  });
}

const findMark = 'select * from event_marks where tenant = ? and root = ?';

/** What the mark says when this very page was written last. */
const pageName = ({ fence, from, to }: RoutingPage): string => `${fence}:${from}:${to}`;

const moveMark = 'update event_marks set routed = ?, last_page = ?, ended = ? where position = ?';

const releaseNext = `
  update event_marks set waits = 0
  where position = (select position from event_marks where tenant = ? and in_order = 1 and ended = 0 order by position limit 1)`;

const findConsidered = 'select considered from events where tenant = ? and id = ?';
const setConsidered = 'update events set considered = ? where tenant = ? and id = ?';

function addConsidered(session: Session, { tenant, root, considered }: RoutingPage): void {
  if (considered.length === 0) return;
  const row = session.get(findConsidered, tenant, root);
  const before = row === undefined ? [] : (optionalJson<readonly Considered[]>(row, 'considered') ?? []);
  session.run(setConsidered, JSON.stringify([...before, ...considered]), tenant, root);
}

type PageVerdict = { readonly status: 'done' | 'fenced' | 'stale' };

function recordPage(session: Session, page: RoutingPage, now: number): PageVerdict {
  const { tenant, root, from, to, runs, dispatches, last } = page;
  const mark = session.get(findMark, tenant, root);
  if (mark === undefined || number(mark, 'fence') !== page.fence) return { status: 'fenced' };
  if (optionalText(mark, 'last_page') === pageName(page)) return { status: 'done' };
  if (flag(mark, 'ended')) return { status: 'fenced' };
  if (from !== number(mark, 'routed') || !sameRevision(page.revision, revisionOf(session, tenant))) return { status: 'stale' };
  if (!(to >= from)) throw malformed('A routing page ends before it begins. Let `to` count its targets from `from` on.');
  storePlan(session, { tenant, root }, { runs, dispatches }, null, now);
  addConsidered(session, page);
  session.run(moveMark, to, pageName(page), last ? 1 : 0, number(mark, 'position'));
  if (last && flag(mark, 'in_order')) session.run(releaseNext, tenant);
  return { status: 'done' };
}

/** Writes pages of plans. A mark stays after its last page, so that a repeated call is recognised. */
export const recordRouting = (session: Session, pages: readonly RoutingPage[], now: number): PageVerdict[] =>
  pages.map((page) => recordPage(session, page, now));
