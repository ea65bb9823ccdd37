import { type ConfigurationStore, hubScope } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { everyone, tenants } from '../database/scope.ts';
import { type Row, text } from '../row.ts';
import { changes } from './changes.ts';
import { configurationRow, kindStatements, rowColumns } from './configuration-row.ts';
import { revisionOf } from './revision-of.ts';
import { snapshot } from './snapshot.ts';
import { writeChanges } from './write-changes.ts';

/** Most connections that one look-up by account answers; the contract's number. */
const mostAccounts = 1_000;

const byId = kindStatements('get', (table, schema) => `select ${rowColumns(schema)} from ${table} where tenant = $1 and id = $2`);

const byName = kindStatements('find', (table, schema) => `select ${rowColumns(schema)} from ${table} where tenant = $1 and name = $2`);

const page = kindStatements(
  'list',
  (table, schema) =>
    `select ${rowColumns(schema)} from ${table} where tenant = $1 and ($2::text is null or id > $2) order by id limit $3::int`,
);

const registration: Statement = {
  name: 'locate_registration',
  text: (schema) => `select tenant from ${schema}.registrations where id = $1 order by updated_at, tenant limit 1`,
};

const receiver: Statement = {
  name: 'locate_receiver',
  text: (schema) => `select tenant from ${schema}.receivers where id = $1 order by updated_at, tenant limit 1`,
};

const account: Statement = {
  name: 'locate_account',
  text: (schema) =>
    `select tenant, id from ${schema}.connections where connector = $1 and external_account_id = $2
     order by tenant, id limit ${mostAccounts}`,
};

const due: Statement = {
  name: 'due_connections',
  text: (schema) =>
    `select tenant, id from ${schema}.connections
     where (value ->> 'dueAt') is not null and ((value ->> 'dueAt')::bigint) <= $1::bigint
     order by ((value ->> 'dueAt')::bigint), tenant, id limit $2::int`,
};

const located = (rows: readonly Row[]): readonly { readonly tenant: string; readonly connection: string }[] =>
  rows.map((row) => ({ tenant: text(row, 'tenant'), connection: text(row, 'id') }));

/** What is configured, in the tables of its kind. */
export function postgresConfiguration(database: OpenDatabase): ConfigurationStore {
  return {
    revision: (tenant) => revisionOf(database.within(tenants(hubScope, tenant)), tenant),
    write: (tenant, changes, { audit = [], revision } = {}) =>
      writeChanges(database.within(tenants(tenant)), tenant, { changes, audit, revision }),
    async get(tenant, kind, id) {
      const [row] = await database.within(tenants(tenant)).query(byId[kind], [tenant, id]);
      return row === undefined ? null : configurationRow(row);
    },
    async find(tenant, kind, name) {
      const [row] = await database.within(tenants(tenant)).query(byName[kind], [tenant, name]);
      return row === undefined ? null : configurationRow(row);
    },
    async list<Kind extends Parameters<ConfigurationStore['list']>[1]>(
      tenant: string,
      kind: Kind,
      { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
    ) {
      const found = await database.within(tenants(tenant)).query(page[kind], [tenant, cursor, limit + 1]);
      const rows = found.slice(0, limit).map((row) => configurationRow<Kind>(row));
      return { rows, cursor: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
    },
    snapshot: (tenant, kinds) => snapshot(database.within(tenants(hubScope, tenant)), tenant, kinds),
    changes: (tenant, kinds, since) => changes(database.within(tenants(hubScope, tenant)), { tenant, kinds, since }),
    async locateRegistration(id) {
      const [row] = await database.within(everyone).query(registration, [id]);
      return row === undefined ? null : text(row, 'tenant');
    },
    async locateReceiver(id) {
      const [row] = await database.within(everyone).query(receiver, [id]);
      return row === undefined ? null : text(row, 'tenant');
    },
    locateAccount: async (connector, externalAccountId) =>
      located(await database.within(everyone).query(account, [connector, externalAccountId])),
    dueConnections: async ({ by, limit }) => located(await database.within(everyone).query(due, [by, limit])),
  };
}
