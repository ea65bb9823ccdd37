import type { DeferItem, FenceVerdict, Held } from '@patchbay/core/adapter';
import { number, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { checkDelay, parkedFor } from './birth.ts';
import { findHandle, handleNumber, stillHeld } from './dispatch-row.ts';

const verdict = (done: boolean): FenceVerdict => ({ status: done ? 'done' : 'fenced' });

// What was marked before stays as it was.
const markInFlight = `
  update dispatches set sent_at = coalesce(sent_at, ?), first_sent_at = coalesce(first_sent_at, ?),
    marked_first = case when sent_at is null and first_sent_at is null then 1 else marked_first end
  where handle = ? and status = 'leased' and fence = ? and tenant = ?`;

/** Marks leased dispatches as in flight. */
export const begin = (session: Session, items: readonly Held[], now: number): FenceVerdict[] =>
  items.map(({ handle, fence, tenant }) => verdict(session.run(markInFlight, now, now, handleNumber(handle), fence, tenant) > 0));

const giveBack = `
  update dispatches set status = 'pending', due_at = ?, parked = ?, reason = ?,
    first_sent_at = case when ? = 1 and marked_first = 1 then null else first_sent_at end,
    sent_at = null, holder = null, lease_until = null, born_by = null, last_write = ?
  where ${stillHeld}`;

/** What the row says when this lease was given back and nothing has been done since. */
const writeName = ({ fence }: Held): string => `defer:${fence}`;

function deferItem(session: Session, item: DeferItem, now: number): FenceVerdict {
  const { tenant, handle, fence, delayMs, reason, nothingSent } = item;
  checkDelay(delayMs, 'a defer');
  const values = [now + delayMs, parkedFor(delayMs), reason, nothingSent ? 1 : 0, writeName(item)] as const;
  if (session.run(giveBack, ...values, handleNumber(handle), fence, tenant) > 0) return verdict(true);
  const found = findHandle(session, handle);
  return verdict(found?.record.key.tenant === tenant && found.lastWrite === writeName(item));
}

/** Gives leases back without an attempt. */
export const defer = (session: Session, items: readonly DeferItem[], now: number): FenceVerdict[] =>
  items.map((item) => deferItem(session, item, now));

const prolong = `
  update dispatches set lease_until = ? where status = 'leased' and holder = ? and lease_until > ? returning tenant, handle, fence`;

/** Extends what the holder holds and has not let run out. */
export const extend = (session: Session, request: { readonly holder: string; readonly ttlMs: number }, now: number): Held[] =>
  session.all(prolong, now + request.ttlMs, request.holder, now).map((row) => ({
    tenant: text(row, 'tenant'),
    handle: String(number(row, 'handle')),
    fence: number(row, 'fence'),
  }));
