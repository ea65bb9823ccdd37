import type { Change, ConnectionRecord, RegistrationRecord } from '@patchbay/core/adapter';
import type { Stage } from './stage.ts';

/** A connection with something in every field. */
export const connection: ConnectionRecord = {
  connector: 'github',
  name: 'main',
  status: 'active',
  owner: 'ada',
  externalAccountId: 'account-1',
  externalAccountName: 'Acme',
  settings: { region: 'eu', nested: { list: [1, null, 'two', true] } },
  metadata: {},
  confinedTo: { channel: ['C0123456789', 'C9876543210'], project: [] },
  secretVersion: 1,
  connectedAt: 1_790_000_000_000,
};

/** A registration of it. */
export const registration: RegistrationRecord = {
  connector: 'github',
  connection: 'connection-1',
  triggers: ['issue.opened'],
  secrets: [{ id: 'secret-1', sealed: 'c2VhbGVk', notAfter: null }],
  createdAt: 1_790_000_000_000,
};

/** What is special about a connection that is put. */
export type Put = {
  readonly id?: string;
  readonly name?: string;
  readonly expect?: number | 'absent';
  readonly value?: Partial<ConnectionRecord>;
};

/** Puts a connection; what is not said is as in the sample. */
export const put = ({ id = 'connection-1', name = 'main', expect: expected = 'absent', value = {} }: Put = {}): Change => ({
  put: 'connection',
  id,
  name,
  expect: expected,
  value: { ...connection, name, ...value },
});

/** Deletes a connection. */
export const remove = (id: string, expected: number): Change => ({ delete: 'connection', id, expect: expected });

/** What a write answers whose connection is not as it expects. */
export const conflict = (id: string) => ({ status: 'conflict', kind: 'connection', id });

/** Names of a tenant's connections, sorted. */
export const names = async (stage: Stage, tenant = 'acme'): Promise<string[]> =>
  (await stage.storage.configuration.list(tenant, 'connection', { cursor: null, limit: 500 })).rows.map((row) => row.name).sort();

/** Revision of a tenant. */
export const revisionOf = async (stage: Stage, tenant = 'acme'): Promise<number> =>
  (await stage.storage.configuration.revision(tenant)).tenant;
