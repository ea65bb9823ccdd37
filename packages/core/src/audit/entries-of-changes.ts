import type { AuditEntry } from '../contracts/audit-store.ts';
import type { Change } from '../contracts/configuration-store.ts';
import type { Json } from '../json/json.ts';
import { type Act, type Recorder, toEntry } from './recorder.ts';

/** Triggers of a registration that a record names. */
const mostTriggers = 50;

type Put = Extract<Change, { readonly put: unknown }>;

/** What a record says of a row: names, numbers and words, never a value of the configuration or anything sealed. */
function detailsOf(change: Put): Readonly<Record<string, Json>> {
  if (change.put === 'connection') {
    const { connector, name, status, secretVersion, confinedTo } = change.value;
    const confined = confinedTo && Object.fromEntries(Object.entries(confinedTo).map(([kind, names]) => [kind, names.length]));
    return { connector, name, status, secretVersion, ...(confined ? { confined } : {}) };
  }
  if (change.put === 'credential') return { kind: change.value.kind, secretVersion: change.value.secretVersion };
  if (change.put === 'automation') return { name: change.value.name, version: change.value.version, enabled: change.value.enabled };
  if (change.put === 'registration') {
    const { connector, triggers, secrets } = change.value;
    return { connector, triggers: triggers.slice(0, mostTriggers), secrets: secrets.length };
  }
  if (change.put === 'subscriber') return { name: change.value.name };
  if (change.put === 'tenant_key') return { version: change.value.version };
  return {};
}

function verbOf(change: Put): string {
  if (change.put === 'connection' && change.value.status === 'disconnected') return 'disconnect';
  return change.expect === 'absent' ? 'create' : 'change';
}

/** The connection that a change is about; a credential that goes, goes with the one beside it. */
function connectionOf(change: Change, changes: readonly Change[]): string | null {
  if ('put' in change && change.put === 'connection') return change.id;
  if ('put' in change && (change.put === 'credential' || change.put === 'registration')) return change.value.connection;
  if (!('delete' in change)) return null;
  if (change.delete === 'connection') return change.id;
  if (change.delete !== 'credential') return null;
  return changes.find((other) => 'put' in other && other.put === 'connection')?.id ?? null;
}

function actOf(change: Change, changes: readonly Change[]): Act {
  const connection = connectionOf(change, changes);
  if ('delete' in change) return { action: `${change.delete}.delete`, object: { type: change.delete, id: change.id }, connection };
  const object = { type: change.put, id: change.id };
  return { action: `${change.put}.${verbOf(change)}`, object, connection, details: detailsOf(change) };
}

/** A version of an automation is written with its head, which says all of it. */
const isPart = (change: Change): boolean => ('put' in change ? change.put : change.delete) === 'automation_version';

/** What a change of the configuration is, one record for each thing that it changes. */
export const entriesOfChanges = (changes: readonly Change[], recorder: Recorder): readonly AuditEntry[] =>
  changes.filter((change) => !isPart(change)).map((change) => toEntry(actOf(change, changes), recorder));
