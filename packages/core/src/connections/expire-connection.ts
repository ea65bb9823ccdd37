import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { type ChangeStatusOptions, changeStatus } from './change-status.ts';
import { isExpired } from './due-at.ts';

/** A connection that is about to be used. */
export interface UsedConnection {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
}

/**
 * True where the credential's time is over by what the caller has read: it is not used then. The connection is `token_expired` from now on, whether or
 * not the upkeep has come by, unless another process has moved the end meanwhile.
 */
export async function expireConnection(options: ChangeStatusOptions, { tenant, connection }: UsedConnection): Promise<boolean> {
  if (!isExpired(connection.value, options.clock.now())) return false;
  const stillHolds = (record: ConnectionRecord): boolean => isExpired(record, options.clock.now());
  await changeStatus(options, { tenant, connection, status: 'token_expired', reason: 'expired', stillHolds });
  return true;
}
