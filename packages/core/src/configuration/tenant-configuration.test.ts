import { expect, it } from 'vitest';
import type { Row } from '../contracts/configuration-store.ts';
import { changedConfiguration, tenantConfiguration } from './tenant-configuration.ts';

const revision = (tenant: number) => ({ hub: 1, tenant });

const connection = (id: string, name = id, version = 1): Row<'connection'> => ({
  id,
  name: `desk/${name}`,
  version,
  updatedAt: 0,
  value: {
    connector: 'desk',
    name,
    status: 'active',
    owner: null,
    externalAccountId: null,
    externalAccountName: null,
    settings: {},
    metadata: {},
    secretVersion: version,
    connectedAt: 0,
  },
});

const credential = (of: string, version = 1): Row<'credential'> => ({
  id: `secret-${of}`,
  name: of,
  version,
  updatedAt: 0,
  value: { connection: of, kind: 'bearer', sealed: 'sealed', secretVersion: version },
});

const before = tenantConfiguration(
  'acme',
  { revision: revision(1), rows: { connection: [connection('a'), connection('c'), connection('e')], credential: [credential('a')] } },
  [],
);

it('takes rows that have changed, come or gone, keeps their order, and leaves the others as they are', () => {
  const after = changedConfiguration(before, {
    revision: revision(4),
    rows: { connection: [connection('c', 'renamed', 2), connection('b')], credential: [], registration: [], automation: [] },
    gone: [
      { kind: 'connection', id: 'e' },
      { kind: 'connection', id: 'never-there' },
      { kind: 'credential', id: 'a' },
    ],
  });
  expect(after.revision).toEqual(revision(4));
  expect(after.connections.map(({ id, version }) => `${id}${version}`)).toEqual(['a1', 'b1', 'c2']);
  expect([after.connectionNamed('desk', 'c'), after.connectionNamed('desk', 'renamed')?.id, after.connection('e')]).toEqual([
    undefined,
    'c',
    undefined,
  ]);
  expect(after.connection('a')).toBe(before.connection('a'));
  expect(after.credential('a')).toBe(before.credential('a'));
  expect(Object.isFrozen(after.connection('b')?.value)).toBe(true);
});

it('leaves what was before as it was', () => {
  changedConfiguration(before, { revision: revision(2), rows: { connection: [connection('a', 'other', 2)] }, gone: [] });
  expect(before.connections.map(({ id, version }) => `${id}${version}`)).toEqual(['a1', 'c1', 'e1']);
});

it('finds a connection by id, by connector and name, and by a name that it alone has', () => {
  const other: Row<'connection'> = {
    ...connection('x', 'a'),
    name: 'forge/a',
    value: { ...connection('x', 'a').value, connector: 'forge' },
  };
  const rows = { connection: [connection('1', 'a'), connection('2', 'b'), other], credential: [] };
  const { connectionReferred } = tenantConfiguration('acme', { revision: revision(1), rows }, []);
  const found = ['1', 'desk/a', 'forge/a', 'b', 'a', 'c'].map((reference) => connectionReferred(reference)?.id);
  expect(found).toEqual(['1', '1', 'x', '2', undefined, undefined]);
});
