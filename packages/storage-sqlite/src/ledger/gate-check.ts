import { optionalNumber } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

const gates = 'select until from gates where tenant = ? and lane = ?';

/** When the lane is open again, milliseconds since 1970; a time that has passed: it is open. Infinity: when somebody opens it. */
export function gateOpensAt(session: Session, tenant: string, lane: string): number {
  let latest = 0;
  for (const row of session.all(gates, tenant, lane)) latest = Math.max(latest, optionalNumber(row, 'until') ?? Number.POSITIVE_INFINITY);
  return latest;
}

/** True while no gate closes the lane. */
export const isOpen = (session: Session, tenant: string, lane: string, now: number): boolean => gateOpensAt(session, tenant, lane) <= now;
