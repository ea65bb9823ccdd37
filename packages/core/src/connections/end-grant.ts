import { changeStatus } from './change-status.ts';
import { readGrant } from './read-grant.ts';
import type { Grant, RefreshOptions } from './refresh-options.ts';

/** How a grant ends. */
export interface Ending {
  readonly tenant: string;
  readonly grant: Grant;
  readonly status: 'token_expired' | 'token_invalid';
  readonly reason: 'refused' | 'answer_lost' | 'expired';
}

/** The grant has ended, unless it was renewed or replaced meanwhile: the status is written only for the credential that was sent, and what is there now holds. */
export async function endGrant(options: RefreshOptions, { tenant, grant, status, reason }: Ending): Promise<Grant | null> {
  const { connection } = grant;
  const isEnded = await changeStatus(options, { tenant, connection, status, reason });
  return isEnded ? null : readGrant(options, tenant, connection.id);
}
