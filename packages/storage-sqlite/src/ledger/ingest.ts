import type { IngestItem, IngestVerdict } from '@patchbay/core/adapter';
import { revisionOf, sameRevision } from '../configuration/revision-of.ts';
import { fitsState, writeState } from '../control/states.ts';
import { malformed } from '../sql/refusal.ts';
import { optionalText, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { type Birth, birthOf, stillBorn, storePlan } from './birth.ts';
import { insertEvent } from './event-row.ts';

/** Names what makes an item come in once: its key, or its root where it has none. */
const guardOf = (item: IngestItem): string => (item.dedupe === null ? `root:${item.root}` : `key:${item.dedupe.key}`);

const birthOfItem = (item: IngestItem): Birth | null => birthOf(item.lease, item.dedupe === null ? 'ingest' : `ingest:${item.dedupe.key}`);

const findGuard = 'select root, hash from event_dedupe where tenant = ? and guard = ?';

/** The verdict where the item's guard has been seen, else undefined. */
function seenVerdict(session: Session, item: IngestItem, now: number): IngestVerdict | undefined {
  const seen = session.get(findGuard, item.tenant, guardOf(item));
  if (seen === undefined) return undefined;
  const root = text(seen, 'root');
  if (root === item.root) return { status: 'created', leased: stillBorn(session, item.plan?.dispatches ?? [], birthOfItem(item), now) };
  const hash = optionalText(seen, 'hash');
  const given = item.dedupe?.hash ?? null;
  return { status: hash !== null && given !== null && hash !== given ? 'conflict' : 'duplicate', root };
}

function checkItem({ plan, event, root, tenant }: IngestItem): void {
  if (plan === null && event === null) throw malformed('An item has neither an event nor a plan. Give it one of them.');
  if (event === null || (event.id === root && event.tenant === tenant)) return;
  throw malformed('The event of an item has another id or tenant than the item. Use the event as the root.');
}

const insertGuard = 'insert into event_dedupe (tenant, guard, root, hash, stored_at) values (?, ?, ?, ?, ?)';
// Nothing that is routed in order is handed out before what is older of its tenant.
const insertMark = `
  insert into event_marks (tenant, root, in_order, waits)
  select ?, ?, ?, ? and exists (select 1 from event_marks where tenant = ? and in_order = 1 and ended = 0)
  where true on conflict do nothing`;

function storeMark(session: Session, { tenant, root, inOrder = false }: IngestItem): void {
  const flag = inOrder ? 1 : 0;
  session.run(insertMark, tenant, root, flag, flag, tenant);
}

/** Stores one item, and the state that goes with it where the item is there afterwards. */
function ingestItem(session: Session, item: IngestItem, now: number): IngestVerdict {
  if (item.state === undefined) return ingestAlone(session, item, now);
  const { tenant, state } = item;
  const write = { ...state, tenant, value: state.value === null ? null : JSON.stringify(state.value) };
  if (!fitsState(session, write)) return { status: 'stale' };
  const verdict = ingestAlone(session, item, now);
  if (verdict.status === 'created' || verdict.status === 'duplicate') writeState(session, write, now);
  return verdict;
}

function ingestAlone(session: Session, item: IngestItem, now: number): IngestVerdict {
  const seen = seenVerdict(session, item, now);
  if (seen !== undefined) return seen;
  checkItem(item);
  const { tenant, root, plan, event } = item;
  // What is not planned may have been let in under a configuration that must still hold.
  const under = plan === null ? item.admittedAt : plan.revision;
  if (under !== undefined) {
    const revision = revisionOf(session, tenant);
    if (!sameRevision(under, revision)) return { status: 'moved', revision };
  }
  session.run(insertGuard, tenant, guardOf(item), root, item.dedupe?.hash ?? null, now);
  const isNew = event !== null && insertEvent(session, event, plan?.considered ?? [], now);
  if (isNew && plan === null) storeMark(session, item);
  const leased = plan === null ? [] : storePlan(session, item, plan, birthOfItem(item), now);
  return { status: 'created', leased };
}

/** Takes items in, in the order given: there is one writer, so nobody can wait for anybody in a circle. */
export const ingest = (session: Session, items: readonly IngestItem[], now: number): IngestVerdict[] =>
  items.map((item) => ingestItem(session, item, now));
