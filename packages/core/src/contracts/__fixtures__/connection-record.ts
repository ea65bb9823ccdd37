import type { ConnectionRecord } from '../configuration-records.ts';

/** A stored connection, with what a test says of it. */
export const connectionRecord = (said: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  connector: 'sample',
  name: 'main',
  status: 'active',
  owner: null,
  externalAccountId: null,
  externalAccountName: null,
  settings: {},
  metadata: {},
  secretVersion: 1,
  connectedAt: 0,
  ...said,
});
