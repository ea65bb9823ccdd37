import type { Change, ConnectionRecord, CredentialRecord, RegistrationRecord } from '@patchbay/core/adapter';

/** A connection as it is stored. */
export const connectionRecord: ConnectionRecord = {
  connector: 'github',
  name: 'main',
  status: 'active',
  owner: null,
  externalAccountId: null,
  externalAccountName: null,
  settings: {},
  metadata: {},
  confinedTo: { channel: ['C0123456789'] },
  secretVersion: 1,
  connectedAt: 1_790_000_000_000,
};

/** Puts that connection as `c-1`. */
export const connectionChange: Change = { put: 'connection', id: 'c-1', name: 'main', expect: 'absent', value: connectionRecord };

/** Puts a credential of a connection, which expires. */
export const credentialOf = (id: string): Change => {
  const value: CredentialRecord = {
    connection: id,
    kind: 'bearer',
    sealed: 'c2VhbGVk',
    secretVersion: 1,
    expiresAt: 1_800_000_000_000,
  };
  return { put: 'credential', id, name: id, expect: 'absent', value };
};

/** Puts a registration of a connection. */
export const registrationOf = (id: string): Change => {
  const value: RegistrationRecord = { connector: 'github', connection: id, triggers: [], secrets: [], createdAt: 1_790_000_000_000 };
  return { put: 'registration', id: 'r-1', name: 'hook', expect: 'absent', value };
};
