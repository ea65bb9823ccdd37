import type { Row } from '../contracts/configuration-store.ts';
import { type ChangeStatusOptions, changeStatus } from './change-status.ts';
import { isExpired } from './due-at.ts';

/** A connection that is about to be used. */
export interface UsedConnection {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
}

/** True where the credential's time is over: the connection is `token_expired` from now on, whether or not the upkeep has come by. */
export async function expireConnection(options: ChangeStatusOptions, { tenant, connection }: UsedConnection): Promise<boolean> {
  if (!isExpired(connection.value, options.clock.now())) return false;
  await changeStatus(options, { tenant, connection, status: 'token_expired', reason: 'expired' });
  return true;
}
