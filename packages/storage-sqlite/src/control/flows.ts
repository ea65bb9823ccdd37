import type { FlowRecord, FlowStore } from '@patchbay/core/adapter';
import { number, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

const forget = 'delete from flows where expires_at <= ?';
const put = 'insert into flows (hash, tenant, user, value, expires_at) values (?, ?, ?, ?, ?) on conflict do nothing';

/** Keeps a flow, and takes away those whose time has passed. */
export function putFlow(session: Session, { tenant, user, hash, value, forMs }: Parameters<FlowStore['put']>[0], now: number): void {
  session.run(forget, now);
  session.run(put, hash, tenant, user, value, now + forMs);
}

// Whoever has taken it may take it again: the answer may have been lost.
const take = `
  update flows set taker = ? where hash = ? and tenant = coalesce(?, tenant) and expires_at > ? and coalesce(taker, ?) = ?
  returning tenant, user, value`;

/** Takes a flow, once. */
export function takeFlow(session: Session, { tenant, hash, taker }: Parameters<FlowStore['take']>[0], now: number): FlowRecord | null {
  const row = session.get(take, taker, hash, tenant, now, taker, taker);
  return row === undefined ? null : { tenant: text(row, 'tenant'), user: text(row, 'user'), hash, value: text(row, 'value') };
}

const count = 'select count(*) as count from flows where tenant = ? and user = ? and taker is null and expires_at > ?';

/** Open flows of a user. */
export function countFlows(session: Session, { tenant, user }: Parameters<FlowStore['count']>[0], now: number): number {
  const row = session.get(count, tenant, user, now);
  return row === undefined ? 0 : number(row, 'count');
}
