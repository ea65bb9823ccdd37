import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { StatusReason } from './change-status.ts';

/**
 * What a look at the service showed. `good`: the credential works. `refused`: the service does not accept it, twice in a row. `unhealthy`: the connector
 * says that the account cannot be used. `unknown`: nobody could tell, such as where the service is down.
 */
export type CheckVerdict = 'good' | 'refused' | 'unhealthy' | 'unknown';

/** A status with its reason; `null` where it is active. */
export interface StatusWithReason {
  readonly status: ConnectionStatus;
  readonly reason: StatusReason | null;
}

/** What was looked at. */
export interface Checked {
  readonly status: ConnectionStatus;
  readonly verdict: CheckVerdict;
  /** Whether the credential is a grant of OAuth: its end is told by its renewals, not by a look. */
  readonly isGrant: boolean;
}

/**
 * The status that a look leads to; `null` where it changes none. A look never revives what has ended in another way: a grant that was refused,
 * an expired credential, a connection that was disconnected or never connected.
 */
export function statusAfterCheck({ status, verdict, isGrant }: Checked): StatusWithReason | null {
  const canMove = status === 'active' || status === 'error' || (status === 'token_invalid' && !isGrant);
  const next = canMove ? statusOf(verdict, isGrant) : null;
  return next === null || next.status === status ? null : next;
}

function statusOf(verdict: CheckVerdict, isGrant: boolean): StatusWithReason | null {
  if (verdict === 'good') return { status: 'active', reason: null };
  if (verdict === 'unhealthy') return { status: 'error', reason: 'unhealthy' };
  return verdict === 'refused' && !isGrant ? { status: 'token_invalid', reason: 'refused' } : null;
}
