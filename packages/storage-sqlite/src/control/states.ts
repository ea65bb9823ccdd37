import type { StateStore, StateWrite } from '@patchbay/core/adapter';
import { lastText } from '../sql/last-text.ts';
import { number, type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

/** An entry as it crosses the border of the thread: its value is JSON text, which the host's side parses. */
export interface StoredState {
  readonly name: string;
  readonly version: number;
  readonly value: string;
  readonly updatedAt: number;
}

/** A write as it crosses the border of the thread. */
export interface StoredStateWrite extends Omit<StateWrite, 'value'> {
  readonly value: string | null;
}

const storedState = (row: Row): StoredState => ({
  name: text(row, 'name'),
  version: number(row, 'version'),
  value: text(row, 'value'),
  updatedAt: number(row, 'updated_at'),
});

const columns = 'select name, version, value, updated_at from states where tenant = ?';
const put = `
  insert into states (tenant, name, version, value, updated_at) values (?, ?, 1, ?, ?)
  on conflict (tenant, name) do update set version = version + 1, value = excluded.value, updated_at = excluded.updated_at`;
const remove = 'delete from states where tenant = ? and name = ?';

/** True where the write has been made already. */
function isDone(found: StoredState | null, { expect, value }: StoredStateWrite): boolean {
  if (value === null) return found === null;
  const written = expect === 'absent' ? 1 : expect === 'any' ? undefined : expect + 1;
  return found?.version === written && found?.value === value;
}

/** True where the write fits what is there, or has been made already. */
export function fitsState(session: Session, item: StoredStateWrite): boolean {
  const found = readState(session, item);
  return isDone(found, item) || (found?.version ?? 0) === (item.expect === 'absent' ? 0 : item.expect);
}

/** Writes one value, where it fits what is there. */
export function writeState(session: Session, item: StoredStateWrite, now: number): { readonly status: 'written' | 'conflict' } {
  const { tenant, name, expect, value } = item;
  const found = readState(session, { tenant, name });
  if (expect !== 'any') {
    if (isDone(found, item)) return { status: 'written' };
    if ((found?.version ?? 0) !== (expect === 'absent' ? 0 : expect)) return { status: 'conflict' };
  }
  if (value === null) session.run(remove, tenant, name);
  else session.run(put, tenant, name, value, now);
  return { status: 'written' };
}

/** Writes values; the statements run in one transaction. */
export const writeStates = (
  session: Session,
  items: readonly StoredStateWrite[],
  now: number,
): readonly { readonly status: 'written' | 'conflict' }[] => items.map((item) => writeState(session, item, now));

/** One entry, or `null`. */
export function readState(session: Session, { tenant, name }: { readonly tenant: string; readonly name: string }): StoredState | null {
  const row = session.get(`${columns} and name = ?`, tenant, name);
  return row === undefined ? null : storedState(row);
}

/** Which page of entries. */
export interface ListStates {
  readonly tenant: string;
  readonly prefix: string;
  readonly page: Parameters<StateStore['list']>[2];
}

/** A page of entries in order of name. */
export function listStates(
  session: Session,
  { tenant, prefix, page: { cursor, limit } }: ListStates,
): { readonly entries: readonly StoredState[]; readonly cursor: string | null } {
  const bounds = [tenant, prefix, lastText(prefix)];
  const found =
    cursor === null
      ? session.all(`${columns} and name >= ? and name < ? order by name limit ?`, ...bounds, limit + 1)
      : session.all(`${columns} and name >= ? and name < ? and name > ? order by name limit ?`, ...bounds, cursor, limit + 1);
  const entries = found.slice(0, limit).map(storedState);
  return { entries, cursor: found.length > limit ? (entries.at(-1)?.name ?? null) : null };
}
