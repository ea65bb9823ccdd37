import type { Gate, GateReason, GateStore } from '@patchbay/core/adapter';
import { malformed } from '../sql/refusal.ts';
import { optionalNumber, text, word } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

const reasons: readonly GateReason[] = ['rate_limited', 'breaker', 'paused', 'disabled', 'connection', 'plan'];

// Of two closings of one gate the later end holds, and none is the latest.
const close = `
  insert into gates (tenant, lane, reason, until) values (?, ?, ?, ?)
  on conflict (tenant, lane, reason) do update
    set until = case when until is null or excluded.until is null then null else max(until, excluded.until) end`;

/** Closes lanes. Throws `invalid_argument`, and closes none, for a time that is none. */
export function closeGates(session: Session, gates: Parameters<GateStore['close']>[0], now: number): void {
  for (const { forMs } of gates) checkEnd(forMs);
  for (const { tenant, lane, reason, forMs } of gates) session.run(close, tenant, lane, reason, forMs === null ? null : now + forMs);
}

function checkEnd(forMs: number | null): void {
  if (forMs === null || (Number.isFinite(forMs) && forMs >= 0)) return;
  throw malformed('A gate closes for a time that is no number of milliseconds from 0 on. Give one, or null until somebody opens it.');
}

const open = 'delete from gates where tenant = ? and lane = ? and reason = ?';

/** Opens lanes. */
export function openGates(session: Session, gates: Parameters<GateStore['open']>[0]): void {
  for (const { tenant, lane, reason } of gates) session.run(open, tenant, lane, reason);
}

const list = 'select lane, reason, until from gates where tenant = ? and (until is null or until > ?) order by lane, reason';

/** Closed lanes of a tenant. */
export const listGates = (session: Session, tenant: string, now: number): Gate[] =>
  session.all(list, tenant, now).map((row) => ({
    tenant,
    lane: text(row, 'lane'),
    reason: word(row, 'reason', reasons),
    until: optionalNumber(row, 'until'),
  }));
