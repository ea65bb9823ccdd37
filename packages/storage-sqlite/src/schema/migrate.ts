import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../sql/refusal.ts';
import { number } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { migrations } from './tables.ts';

/** Marks a file as one of this storage: the letters PBAY. */
const applicationId = 0x50424159;

/** Version of the tables that this package needs. */
const newest = migrations.length;

const pragma = (session: Session, name: 'application_id' | 'user_version'): number => {
  const row = session.get(`pragma ${name}`);
  return row === undefined ? 0 : number(row, name);
};

/**
 * Version of the tables in the file, 0 for an empty one. Throws `not_ready` for a file of another application and for one of a newer
 * version of this package.
 */
export function tablesVersion(session: Session): number {
  const own = pragma(session, 'application_id') === applicationId;
  const found = pragma(session, 'user_version');
  const empty = session.get('select 1 as found from sqlite_schema limit 1') === undefined;
  if (!own && !(empty && found === 0)) {
    const message = 'The file belongs to another application. Give the storage a file of its own.';
    throw new Refusal({ code: 'not_ready', message });
  }
  if (found > newest) {
    const message = `The tables in the file are of version ${found}, this package knows version ${newest}. Deploy a newer package.`;
    throw new Refusal({ code: 'not_ready', message });
  }
  return found;
}

/** True when every table is there as this package needs it. */
export const isMigrated = (session: Session): boolean => tablesVersion(session) === newest;

/**
 * Brings the tables to the newest version. Runs inside a transaction that holds the write lock, so that of two processes that start at
 * once the second finds everything done.
 */
export function migrate(database: DatabaseSync, session: Session): void {
  const found = tablesVersion(session);
  for (const statement of migrations.slice(found).flat()) database.exec(statement);
  if (found === newest) return;
  database.exec(`pragma application_id = ${applicationId}`);
  database.exec(`pragma user_version = ${newest}`);
}
