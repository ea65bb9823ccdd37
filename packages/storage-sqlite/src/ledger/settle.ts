import type { SettleItem, SettleVerdict } from '@patchbay/core/adapter';
import { toJson } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { insertAttempt } from './attempt-row.ts';
import { type Birth, birthOf, checkDelay, parkedFor, stillBorn, storePlan } from './birth.ts';
import { findDispatch, findHeld, handleNumber, type StoredDispatch } from './dispatch-row.ts';
import { changeRun, findRun } from './run-row.ts';
import { keyNameOf, passTurn } from './turns.ts';

/** What the row says when this very outcome was written last. */
const writeName = ({ fence, settlement, attempt }: SettleItem): string => `settle:${fence}:${settlement.to}:${attempt.outcome}`;

function sinceUnknown({ record }: StoredDispatch, { settlement, attempt }: SettleItem): number | null {
  const unknown = settlement.to === 'pending' ? settlement.unknown : attempt.outcome === 'unknown';
  return unknown ? (record.unknownSince ?? attempt.startedAt) : null;
}

const record = `
  update dispatches set status = ?, attempts = attempts + 1, last_attempt = ?, unknown_since = ?, error = ?, output = ?, reason = ?,
    due_at = coalesce(?, due_at), parked = ?, finished_at = ?, holder = null, lease_until = null, born_by = null, last_write = ?
  where handle = ?`;

function recordOutcome(session: Session, held: StoredDispatch, item: SettleItem, now: number): void {
  const { settlement, attempt } = item;
  const waits = settlement.to === 'pending' ? settlement : null;
  if (waits !== null) checkDelay(waits.delayMs, 'a settlement');
  insertAttempt(session, held.handle, attempt);
  const outcome = [attempt.number, sinceUnknown(held, item), toJson(attempt.error)] as const;
  const output = settlement.to === 'succeeded' ? settlement.output : null;
  const when = [waits === null ? null : now + waits.delayMs, waits === null ? 0 : parkedFor(waits.delayMs)] as const;
  const finishedAt = waits !== null || settlement.to === 'held' ? null : now;
  const handle = handleNumber(held.handle);
  session.run(record, settlement.to, ...outcome, output, waits?.reason ?? null, ...when, finishedAt, writeName(item), handle);
}

/** True when this very outcome ended the last lease and nothing has been done to the dispatch since. */
function isRepeated(session: Session, item: SettleItem): boolean {
  const found = findDispatch(session, item.key);
  if (found?.handle !== item.handle || found.record.key.tenant !== item.tenant) return false;
  if (found.lastWrite !== writeName(item) || found.record.status !== item.settlement.to) return false;
  return item.settlement.to !== 'succeeded' || found.record.output === item.settlement.output;
}

const birthOfItem = (item: SettleItem): Birth | null => birthOf(item.lease, `settle:${item.handle}:${item.fence}`);

/** True where the change belongs to this root and was worked out from the run's present state, or where there is none. */
export function runFits(session: Session, place: { readonly tenant: string; readonly root: string }, change: SettleItem['run']): boolean {
  if (change === null) return true;
  const { key, revision } = change;
  return key.tenant === place.tenant && key.root === place.root && findRun(session, key)?.revision === revision;
}

function settleItem(session: Session, item: SettleItem, now: number): SettleVerdict {
  const held = findHeld(session, item);
  if (held === null) {
    return isRepeated(session, item)
      ? { status: 'settled', leased: stillBorn(session, item.run?.next ?? [], birthOfItem(item), now) }
      : { status: 'fenced' };
  }
  const { run } = item;
  const { key } = held.record;
  if (!runFits(session, key, run)) return { status: 'stale' };
  recordOutcome(session, held, item, now);
  if (run !== null) changeRun(session, run, now);
  const leased = run === null ? [] : storePlan(session, key, { runs: [], dispatches: run.next }, birthOfItem(item), now);
  passTurn(session, keyNameOf(held.record), now);
  return { status: 'settled', leased };
}

/** Records outcomes, one item after the other: each sees what those before it have done to its run. */
export const settle = (session: Session, items: readonly SettleItem[], now: number): SettleVerdict[] =>
  items.map((item) => settleItem(session, item, now));
