import type { ConfigurationChanges, ConfigurationKind, ConfigurationSnapshot, ConfigurationStore, Row } from '@patchbay/core/adapter';
import type { DatabaseThread } from '../thread/database-thread.ts';
import type { StoredRow } from './read-rows.ts';

/** The row with its value, which is what was written: this storage does not look into it. */
const configurationRow = <Kind extends ConfigurationKind>(row: StoredRow): Row<Kind> => ({ ...row, value: JSON.parse(row.value) });

async function snapshot(
  { call }: Pick<DatabaseThread, 'call'>,
  tenant: string,
  kinds: readonly ConfigurationKind[],
): Promise<ConfigurationSnapshot> {
  const found = await call('snapshot', { tenant, kinds });
  const rows: { [Kind in ConfigurationKind]?: readonly Row<Kind>[] } = {};
  const take = <Kind extends ConfigurationKind>(kind: Kind, stored: readonly StoredRow[]): void => {
    Object.assign(rows, { [kind]: stored.map((row) => configurationRow<Kind>(row)) });
  };
  for (const [index, kind] of kinds.entries()) take(kind, found.rows[index] ?? []);
  return { revision: found.revision, rows };
}

async function changesSince(
  { call }: Pick<DatabaseThread, 'call'>,
  request: { readonly tenant: string; readonly kinds: readonly ConfigurationKind[]; readonly since: number },
): Promise<ConfigurationChanges | null> {
  const found = await call('changes', request);
  if (found === null) return null;
  const rows: { [Kind in ConfigurationKind]?: readonly Row<Kind>[] } = {};
  const gone: { kind: ConfigurationKind; id: string }[] = [];
  const take = <Kind extends ConfigurationKind>(
    kind: Kind,
    changed: readonly { readonly id: string; readonly row: StoredRow | null }[],
  ): void => {
    Object.assign(rows, { [kind]: changed.flatMap(({ row }) => (row === null ? [] : [configurationRow<Kind>(row)])) });
    gone.push(...changed.flatMap(({ id, row }) => (row === null ? [{ kind, id }] : [])));
  };
  for (const [index, kind] of request.kinds.entries()) take(kind, found.changed[index] ?? []);
  return { revision: found.revision, rows, gone };
}

/** What is configured, in its tables. */
export function sqliteConfiguration(thread: Pick<DatabaseThread, 'call'>): ConfigurationStore {
  const { call } = thread;
  return {
    revision: (tenant) => call('revision', tenant),
    write: (tenant, changes, { audit = [], revision } = {}) => call('write', { tenant, changes, audit, revision }),
    async get<Kind extends ConfigurationKind>(tenant: string, kind: Kind, id: string) {
      const row = await call('getRow', { tenant, kind, id });
      return row === null ? null : configurationRow<Kind>(row);
    },
    async find<Kind extends ConfigurationKind>(tenant: string, kind: Kind, name: string) {
      const row = await call('findRow', { tenant, kind, name });
      return row === null ? null : configurationRow<Kind>(row);
    },
    async list<Kind extends ConfigurationKind>(
      tenant: string,
      kind: Kind,
      { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
    ) {
      const page = await call('listRows', { tenant, kind, cursor, limit });
      return { rows: page.rows.map((row) => configurationRow<Kind>(row)), cursor: page.cursor };
    },
    snapshot: (tenant, kinds) => snapshot(thread, tenant, kinds),
    changes: (tenant, kinds, since) => changesSince(thread, { tenant, kinds, since }),
    locateRegistration: (id) => call('locateRegistration', id),
    locateReceiver: (id) => call('locateReceiver', id),
    locateAccount: (connector, externalAccountId) => call('locateAccount', { connector, externalAccountId }),
    dueConnections: (request) => call('dueConnections', request),
  };
}
