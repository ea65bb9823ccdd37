import type { AmendItem, AmendVerdict, CancelRunRequest, DispatchRecord } from '@patchbay/core/adapter';
import { appendAudit } from '../audit/audit-row.ts';
import { malformed } from '../sql/refusal.ts';
import { toJson } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { checkDelay, storePlan } from './birth.ts';
import { findDispatch, handleNumber, type StoredDispatch } from './dispatch-row.ts';
import { automationTarget, changeRun, findRun } from './run-row.ts';
import { runFits } from './settle.ts';
import { dueValues, keyNameOf, passTurn, passTurnsOfRun } from './turns.ts';

/** What a person or a policy can do to a dispatch that nobody holds. */
type Verb = 'reopen' | 'resolve' | 'cancel';

/** From which statuses each verb goes on. */
const sources: Readonly<Record<Verb, readonly DispatchRecord['status'][]>> = {
  reopen: ['dead', 'held', 'cancelled'],
  resolve: ['held'],
  cancel: ['pending', 'held'],
};

/** What the row says when this very change was written last. */
const writeName = (item: AmendItem): string => `amend:${item.round}:${item.settlement.to}`;

function sameEnding({ record }: StoredDispatch, { settlement }: AmendItem): boolean {
  if (settlement.to === 'succeeded') return record.output === settlement.output;
  if (settlement.to === 'dead') return record.error?.code === settlement.error.code && record.error.message === settlement.error.message;
  return true;
}

const reopen = `
  update dispatches set status = 'pending', round = round + 1, attempts = 0, crashes = 0, first_sent_at = null,
    unknown_since = case when ? = 1 then null else unknown_since end, output = null, reason = null, finished_at = null, due_at = ?, parked = ?,
    turn_due_at = ?, last_write = ?
  where handle = ?`;

// Of an ending without an attempt the last attempt's error is kept, unless the ending says another or that all is well.
const end = `
  update dispatches set status = ?, output = coalesce(?, output), error = case when ? = 1 then ? else error end, reason = null, parked = 0,
    finished_at = ?, last_write = ?
  where handle = ?`;

function apply(session: Session, found: StoredDispatch, item: AmendItem, now: number): void {
  const { settlement } = item;
  const handle = handleNumber(found.handle);
  if (settlement.to === 'pending') {
    const { delayMs, forget } = settlement;
    checkDelay(delayMs, 'an amendment');
    const due = dueValues(found.record.ordering !== null, delayMs, now);
    session.run(reopen, forget ? 1 : 0, ...due, writeName(item), handle);
    return;
  }
  const output = settlement.to === 'succeeded' ? settlement.output : null;
  const error = settlement.to === 'dead' ? toJson(settlement.error) : null;
  session.run(end, settlement.to, output, settlement.to === 'cancelled' ? 0 : 1, error, now, writeName(item), handle);
}

/** True where a dead dispatch that keeps its turn is to keep it no more. */
const givesUp = ({ record: { status, ordering } }: StoredDispatch, verb: Verb, { settlement }: AmendItem): boolean =>
  verb === 'cancel' && status === 'dead' && ordering?.onDead === 'block' && settlement.to !== 'dead';

function amendItem(session: Session, verb: Verb, item: AmendItem, now: number): AmendVerdict {
  const { key, settlement, run } = item;
  if ((verb === 'reopen') !== (settlement.to === 'pending')) {
    throw malformed(`The verb ${verb} cannot make a dispatch ${settlement.to}. Reopen to make it pending, resolve or cancel to end it.`);
  }
  const found = findDispatch(session, key);
  if (found === null) return { status: 'missing' };
  if (found.lastWrite === writeName(item) && sameEnding(found, item)) return { status: 'done' };
  const { status, round } = found.record;
  if (status === 'leased') return { status: 'busy' };
  if (!(sources[verb].includes(status) || givesUp(found, verb, item)) || round !== item.round || !runFits(session, key, run))
    return { status: 'stale' };
  apply(session, found, item, now);
  if (run !== null) {
    changeRun(session, run, now);
    storePlan(session, key, { runs: [], dispatches: run.next }, null, now);
  }
  passTurn(session, keyNameOf(found.record), now);
  return { status: 'done' };
}

/** Changes dispatches that nobody holds, one item after the other. */
export const amend = (session: Session, verb: Verb, items: readonly AmendItem[], now: number): AmendVerdict[] =>
  items.map((item) => {
    const verdict = amendItem(session, verb, item, now);
    if (verdict.status === 'done' && item.audit !== undefined)
      appendAudit(session, { tenant: item.key.tenant, entries: [item.audit] }, now);
    return verdict;
  });

const cancelWaiting = `
  update dispatches set status = 'cancelled', reason = null, parked = 0, finished_at = ?, last_write = null
  where tenant = ? and root = ? and target = ? and replay = ? and status in ('pending', 'held')`;

type CancelVerdict = { readonly status: 'done' | 'stale' | 'missing' };

/** Ends a run by compare-and-set, with what waits below it. */
export function cancelRun(session: Session, change: CancelRunRequest, now: number): CancelVerdict {
  const verdict = cancel(session, change, now);
  if (verdict.status === 'done' && change.audit !== undefined)
    appendAudit(session, { tenant: change.key.tenant, entries: [change.audit] }, now);
  return verdict;
}

function cancel(session: Session, { key, revision }: CancelRunRequest, now: number): CancelVerdict {
  const run = findRun(session, key);
  if (run === null) return { status: 'missing' };
  if (run.status === 'cancelled' && run.revision === revision + 1) return { status: 'done' };
  if (run.status !== 'running' || run.revision !== revision) return { status: 'stale' };
  changeRun(session, { ...run, status: 'cancelled' }, now);
  session.run(cancelWaiting, now, key.tenant, key.root, automationTarget(key.automation), key.replay);
  passTurnsOfRun(session, key, now);
  return { status: 'done' };
}
