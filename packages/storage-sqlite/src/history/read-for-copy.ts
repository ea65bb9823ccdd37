import { number, optionalText, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

const tenants = `
  select scope as tenant from configuration_revisions union select tenant from event_dedupe union select tenant from gates
  union select tenant from kept_receipts
  union select tenant from journal_entries order by tenant`;

/** Every tenant that has anything here, and the hub's own scope where something is configured there. */
export const readTenants = (session: Session): string[] => session.all(tenants).map((row) => text(row, 'tenant'));

/** What has not ended. */
export interface OpenWork {
  readonly dispatches: number;
  readonly runs: number;
  readonly marks: number;
}

const open = `
  select (select count(*) from dispatches where status in ('pending', 'leased', 'held')) as dispatches,
    (select count(*) from runs where status = 'running') as runs, (select count(*) from event_marks where ended = 0) as marks`;

/** Counts what has not ended. */
export function readOpenWork(session: Session): OpenWork {
  const row = session.get(open);
  if (row === undefined) return { dispatches: 0, runs: 0, marks: 0 };
  return { dispatches: number(row, 'dispatches'), runs: number(row, 'runs'), marks: number(row, 'marks') };
}

/** A guard against a second time: a dedupe key, or the root itself where `key` is `null`. */
export interface StoredKey {
  readonly root: string;
  readonly key: string | null;
  readonly hash: string | null;
}

/** Which page of a tenant's keys. */
export interface KeysRequest {
  readonly tenant: string;
  /** The `next` of the last page; the empty text for the first. */
  readonly after: string;
  readonly limit: number;
}

const keys = 'select guard, root, hash from event_dedupe where tenant = ? and guard > ? order by guard limit ?';

/** A page of a tenant's keys. `next` goes on behind it; `null` at the end. */
export function readKeys(
  session: Session,
  { tenant, after, limit }: KeysRequest,
): { readonly keys: readonly StoredKey[]; readonly next: string | null } {
  const rows = session.all(keys, tenant, after, limit);
  const found = rows.map((row) => {
    const guard = text(row, 'guard');
    return { root: text(row, 'root'), key: guard.startsWith('key:') ? guard.slice('key:'.length) : null, hash: optionalText(row, 'hash') };
  });
  const last = rows.at(-1);
  return { keys: found, next: rows.length < limit || last === undefined ? null : text(last, 'guard') };
}
