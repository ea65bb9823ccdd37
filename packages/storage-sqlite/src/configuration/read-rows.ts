import type { ConfigurationKind, Revision } from '@patchbay/core/adapter';
import { configurationTables } from '../schema/tables.ts';
import { number, type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { revisionOf } from './revision-of.ts';

/** A configured row as it crosses the border of the thread: its value is JSON text, which the host's side parses. */
export interface StoredRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly value: string;
  readonly updatedAt: number;
}

/** Reads a configured row. */
export const storedRow = (row: Row): StoredRow => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  version: number(row, 'version'),
  value: text(row, 'value'),
  updatedAt: number(row, 'updated_at'),
});

const columns = 'id, name, version, value, updated_at';

const from = (kind: ConfigurationKind): string => `select ${columns} from ${configurationTables[kind]} where tenant = ?`;

/** The row of an id, or `null`. */
export function getRow(
  session: Session,
  { tenant, kind, id }: { readonly tenant: string; readonly kind: ConfigurationKind; readonly id: string },
): StoredRow | null {
  const row = session.get(`${from(kind)} and id = ?`, tenant, id);
  return row === undefined ? null : storedRow(row);
}

/** The row of a name, or `null`. */
export function findRow(
  session: Session,
  { tenant, kind, name }: { readonly tenant: string; readonly kind: ConfigurationKind; readonly name: string },
): StoredRow | null {
  const row = session.get(`${from(kind)} and name = ?`, tenant, name);
  return row === undefined ? null : storedRow(row);
}

/** Which page of rows. */
export interface ListRequest {
  readonly tenant: string;
  readonly kind: ConfigurationKind;
  readonly cursor: string | null;
  readonly limit: number;
}

/** A page of rows in order of id. */
export function listRows(
  session: Session,
  { tenant, kind, cursor, limit }: ListRequest,
): { readonly rows: readonly StoredRow[]; readonly cursor: string | null } {
  const size = Math.max(0, limit);
  const found =
    cursor === null
      ? session.all(`${from(kind)} order by id limit ?`, tenant, size + 1)
      : session.all(`${from(kind)} and id > ? order by id limit ?`, tenant, cursor, size + 1);
  const rows = found.slice(0, size).map(storedRow);
  return { rows, cursor: found.length > size ? (rows.at(-1)?.id ?? null) : null };
}

/** All rows of the kinds in this scope, under one revision. */
export function readSnapshot(
  session: Session,
  { tenant, kinds }: { readonly tenant: string; readonly kinds: readonly ConfigurationKind[] },
): { readonly revision: Revision; readonly rows: readonly (readonly StoredRow[])[] } {
  const rows = kinds.map((kind) => session.all(`${from(kind)} order by id`, tenant).map(storedRow));
  return { revision: revisionOf(session, tenant), rows };
}

const logged = 'select distinct revision from configuration_changes where scope = ? and revision > ?';
const changedIds = 'select distinct id from configuration_changes where scope = ? and revision > ? and kind = ? order by id';

/** What has changed since a revision; `null` where one of the revisions between is not remembered. */
export function readChanges(
  session: Session,
  { tenant, kinds, since }: { readonly tenant: string; readonly kinds: readonly ConfigurationKind[]; readonly since: number },
): {
  readonly revision: Revision;
  readonly changed: readonly (readonly { readonly id: string; readonly row: StoredRow | null }[])[];
} | null {
  const revision = revisionOf(session, tenant);
  if (session.all(logged, tenant, since).length !== revision.tenant - since) return null;
  const changed = kinds.map((kind) =>
    session.all(changedIds, tenant, since, kind).map((found) => {
      const id = text(found, 'id');
      return { id, row: getRow(session, { tenant, kind, id }) };
    }),
  );
  return { revision, changed };
}

const registration = 'select tenant from registrations where id = ? order by rowid limit 1';

/** Tenant of a registration, or `null`. */
export function locateRegistration(session: Session, id: string): string | null {
  const row = session.get(registration, id);
  return row === undefined ? null : text(row, 'tenant');
}

const receiver = 'select tenant from receivers where id = ? order by rowid limit 1';

/** Tenant of a receiver, or `null`. */
export function locateReceiver(session: Session, id: string): string | null {
  const row = session.get(receiver, id);
  return row === undefined ? null : text(row, 'tenant');
}

/** Most connections that one look-up by account answers; the contract's number. */
const mostAccounts = 1_000;

const account = `select tenant, id from connections where connector = ? and external_account_id = ? limit ${mostAccounts}`;

/** Connections of all tenants with this account at this connector. */
export const locateAccount = (
  session: Session,
  { connector, externalAccountId }: { readonly connector: string; readonly externalAccountId: string },
): { readonly tenant: string; readonly connection: string }[] =>
  session.all(account, connector, externalAccountId).map((row) => ({ tenant: text(row, 'tenant'), connection: text(row, 'id') }));

const due = `
  select tenant, id from connections where value ->> '$.dueAt' is not null and value ->> '$.dueAt' <= ?
  order by value ->> '$.dueAt', tenant, id limit ?`;

/** Connections of all tenants that are due by a time, the earliest first. */
export const dueConnections = (
  session: Session,
  { by, limit }: { readonly by: number; readonly limit: number },
): { readonly tenant: string; readonly connection: string }[] =>
  session.all(due, by, limit).map((row) => ({ tenant: text(row, 'tenant'), connection: text(row, 'id') }));
