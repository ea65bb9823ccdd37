import { expect, it } from 'vitest';
import type { ConnectionRecord, ConnectionStatus, CredentialRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { readGrant } from './read-grant.ts';

const rowOf = <Value>(value: Value) => ({ id: 'c1', name: 'c1', version: 1, updatedAt: 0, value });
const credentialOf = (secretVersion: number): Row<'credential'> =>
  rowOf<CredentialRecord>({ connection: 'c1', kind: 'oauth2', sealed: `sealed-${secretVersion}`, secretVersion });
const connectionOf = (secretVersion: number, status: ConnectionStatus = 'active'): Row<'connection'> =>
  rowOf<ConnectionRecord>({
    connector: 'archive',
    name: 'main',
    status,
    owner: null,
    externalAccountId: null,
    externalAccountName: null,
    settings: {},
    metadata: {},
    secretVersion,
    connectedAt: 0,
  });

/** Reads what a store gives read by read; the last of each stays. */
function read(credentials: readonly (Row<'credential'> | null)[], connections: readonly (Row<'connection'> | null)[]) {
  const count = { credential: 0, connection: 0 };
  const next = <Item>(items: readonly Item[], index: number) => items[Math.min(index, items.length - 1)] ?? null;
  const parse = (row: unknown) => row as never;
  return readGrant(
    {
      store: {
        find: async () => parse(next(credentials, count.credential++)),
        get: async () => parse(next(connections, count.connection++)),
      },
      vault: {
        open: async (_tenant, { value }) => ({ type: 'oauth2', accessToken: value.sealed }),
        openFor: async () => Promise.reject(new Error('Nothing of an app is opened.')),
        seal: async () => Promise.reject(new Error('Nothing is sealed.')),
      },
    },
    'acme',
    'c1',
  );
}

it('reads again what was renewed between the two reads, and finds the grant as it is now', async () => {
  const grant = await read([credentialOf(1), credentialOf(2)], [connectionOf(2)]);
  expect(grant?.credential).toEqual({ type: 'oauth2', accessToken: 'sealed-2' });
  const late = await read([credentialOf(2)], [connectionOf(1), connectionOf(2)]);
  expect(late?.connection.value.secretVersion).toBe(2);
});

it('finds no grant of a credential that stays another than the last one: a copy that was put back', async () => {
  expect(await read([credentialOf(1)], [connectionOf(2)])).toBeNull();
});

it.each<[string, Row<'credential'> | null, Row<'connection'> | null]>([
  ['has no credential', null, connectionOf(1)],
  ['is gone', credentialOf(1), null],
  ['has ended', credentialOf(1), connectionOf(1, 'token_invalid')],
])('finds none of a connection that %s', async (_, held, connection) => {
  expect(await read([held], [connection])).toBeNull();
});
