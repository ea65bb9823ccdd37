import type { ConnectionRecord } from '../contracts/configuration-records.ts';

/** True for one that somebody has begun to connect and that has had no credential yet. One that waits for the choice of a site has one. */
export function isAnnounced({ status, statusReason }: Pick<ConnectionRecord, 'status' | 'statusReason'>): boolean {
  return status === 'initializing' && statusReason !== 'choose_site';
}

/** True for one that has a credential, and of whose sites one is still to be chosen: its tokens are kept good, and nothing is done with them. */
export function awaitsSite({ status, statusReason }: Pick<ConnectionRecord, 'status' | 'statusReason'>): boolean {
  return status === 'initializing' && statusReason === 'choose_site';
}

/** True for one that counts among the connections of a plan: it was connected, and has not been disconnected. */
export function holdsPlace(connection: Pick<ConnectionRecord, 'status' | 'statusReason'>): boolean {
  return connection.status !== 'disconnected' && !isAnnounced(connection);
}
