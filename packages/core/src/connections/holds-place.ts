import type { ConnectionRecord } from '../contracts/configuration-store.ts';

/** True for one that counts among the connections of a plan: it was connected, and has not been disconnected. */
export function holdsPlace({ status }: Pick<ConnectionRecord, 'status'>): boolean {
  return status !== 'disconnected' && status !== 'initializing';
}
