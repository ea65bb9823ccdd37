import { isDeepStrictEqual } from 'node:util';
import type { AuditEntry, Change, ConfigurationKind, WriteVerdict } from '@patchbay/core/adapter';
import { appendAudit } from '../audit/audit-row.ts';
import { configurationTables } from '../schema/tables.ts';
import { malformed } from '../sql/refusal.ts';
import type { Session } from '../sql/session.ts';
import { getRow } from './read-rows.ts';
import { scopeRevision } from './revision-of.ts';

type Step = 'applied' | 'already' | 'conflict';
type Put = Extract<Change, { readonly put: ConfigurationKind }>;
type Delete = Extract<Change, { readonly delete: ConfigurationKind }>;

const namesake = (kind: ConfigurationKind): string =>
  `select 1 as found from ${configurationTables[kind]} where tenant = ? and name = ? and id <> ?`;

const put = (kind: ConfigurationKind): string => `
  insert into ${configurationTables[kind]} (tenant, id, name, version, value, updated_at) values (?, ?, ?, ?, ?, ?)
  on conflict (tenant, id) do update
    set name = excluded.name, version = excluded.version, value = excluded.value, updated_at = excluded.updated_at`;

const remove = (kind: ConfigurationKind): string => `delete from ${configurationTables[kind]} where tenant = ? and id = ?`;

const raise = `
  insert into configuration_revisions (scope, revision) values (?, 1) on conflict (scope) do update set revision = revision + 1`;

const remember = 'insert or ignore into configuration_changes (scope, revision, kind, id) values (?, ?, ?, ?)';
const forget = 'delete from configuration_changes where scope = ? and revision <= ?';

/** Revisions of which it is remembered what they changed. */
const rememberedRevisions = 256;

/** Raises the revision, and remembers what it changed. */
function raiseRevision(session: Session, tenant: string, changes: readonly Change[]): void {
  session.run(raise, tenant);
  const revision = scopeRevision(session, tenant);
  for (const change of changes) session.run(remember, tenant, revision, 'put' in change ? change.put : change.delete, change.id);
  session.run(forget, tenant, revision - rememberedRevisions);
}

function putRow(session: Session, tenant: string, change: Put, now: number): Step {
  const { put: kind, id, name, value } = change;
  const row = getRow(session, { tenant, kind, id });
  const before = change.expect === 'absent' ? 0 : change.expect;
  const json = JSON.stringify(value);
  if (row?.version === before + 1 && row.name === name && isDeepStrictEqual(JSON.parse(row.value), JSON.parse(json))) return 'already';
  if ((row?.version ?? 0) !== before) return 'conflict';
  if (session.get(namesake(kind), tenant, name, id) !== undefined) return 'conflict';
  session.run(put(kind), tenant, id, name, before + 1, json, now);
  return 'applied';
}

function deleteRow(session: Session, tenant: string, { delete: kind, id, expect }: Delete): Step {
  const row = getRow(session, { tenant, kind, id });
  if (row === null) return 'already';
  if (row.version !== expect) return 'conflict';
  session.run(remove(kind), tenant, id);
  return 'applied';
}

const parent = `select 1 as found from ${configurationTables.connection} where tenant = ? and id = ?`;

/**
 * Refuses what names a connection that its tenant has not got. SQLite would say so at the commit, which other calls share. Throws
 * `invalid_argument`.
 */
function checkConnections(session: Session, { tenant, changes }: Pick<WriteRequest, 'tenant' | 'changes'>): void {
  for (const change of changes) {
    if (!('put' in change) || (change.put !== 'credential' && change.put !== 'registration')) continue;
    if (session.get(parent, tenant, change.value.connection) !== undefined) continue;
    throw malformed('A row names a connection that this tenant does not have. Write the connection first, or in the same change.');
  }
}

/** What to write for which scope. */
export interface WriteRequest {
  readonly tenant: string;
  readonly changes: readonly Change[];
  readonly audit: readonly AuditEntry[];
  /** The revision before it; `undefined`: any. */
  readonly revision?: number | undefined;
}

/**
 * Applies all changes or none: a conflict takes back what stands before it. A write that finds everything as it says changes nothing, the
 * revision included. Throws `invalid_argument` where a row names a connection that its tenant has not got.
 */
export function writeChanges(session: Session, { tenant, changes, audit, revision }: WriteRequest, now: number): WriteVerdict {
  session.run('savepoint changes');
  const takeBack = (change: Change): WriteVerdict => {
    session.run('rollback to changes');
    session.run('release changes');
    return { status: 'conflict', kind: 'put' in change ? change.put : change.delete, id: change.id };
  };
  let applied = false;
  for (const change of changes) {
    const step = 'put' in change ? putRow(session, tenant, change, now) : deleteRow(session, tenant, change);
    if (step === 'conflict') return takeBack(change);
    applied ||= step === 'applied';
  }
  const [first] = changes;
  if (applied && first && revision !== undefined && revision !== scopeRevision(session, tenant)) return takeBack(first);
  checkConnections(session, { tenant, changes });
  if (applied) raiseRevision(session, tenant, changes);
  appendAudit(session, { tenant, entries: audit }, now);
  session.run('release changes');
  return { status: 'written', revision: scopeRevision(session, tenant) };
}
