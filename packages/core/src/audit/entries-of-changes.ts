import type { AuditEntry } from '../contracts/audit-store.ts';
import type { Change, ConfigurationKind } from '../contracts/configuration-store.ts';
import type { Json } from '../json/json.ts';
import { type Act, type Recorder, toEntry } from './recorder.ts';

/** Triggers of a registration, or changed things of a configuration, that a record names. */
const mostNames = 50;

type Put = Extract<Change, { readonly put: unknown }>;

/** What a record says of a row: names, numbers and words, never a value of the configuration or anything sealed. */
function detailsOf(change: Put, changes: readonly Change[]): Readonly<Record<string, Json>> {
  if (change.put === 'connection') {
    const { connector, name, status, secretVersion, confinedTo, content } = change.value;
    const confined = confinedTo && Object.fromEntries(Object.entries(confinedTo).map(([kind, names]) => [kind, names.length]));
    const synced = content && Object.fromEntries(Object.entries(content).map(([source, { containers }]) => [source, containers.length]));
    return { connector, name, status, secretVersion, ...(confined ? { confined } : {}), ...(synced ? { content: synced } : {}) };
  }
  if (change.put === 'credential') return { kind: change.value.kind, secretVersion: change.value.secretVersion };
  if (change.put === 'automation') return { name: change.value.name, version: change.value.version, enabled: change.value.enabled };
  if (change.put === 'registration') {
    const { connector, triggers, secrets, subscription } = change.value;
    const atProvider = subscription && { status: subscription.status, providerId: subscription.providerId };
    return { connector, triggers: triggers.slice(0, mostNames), secrets: secrets.length, ...atProvider };
  }
  if (change.put === 'endpoint') return endpointDetails(change);
  if (change.put === 'alert_rule') return { name: change.name, enabled: change.value.enabled };
  if (change.put === 'mapping') return { name: change.name, version: change.value.version };
  if (change.put === 'enrichment') return { name: change.name, enricher: change.value.enricher, live: change.value.live };
  if (change.put === 'receiver') return { name: change.name, secrets: change.value.secrets.length };
  if (change.put === 'subscriber') return { name: change.value.name };
  if (change.put === 'tenant_key') return { version: change.value.version };
  if (change.put === 'connector_configuration') return { revision: change.value.revision, changed: changedIn(changes).slice(0, mostNames) };
  return {};
}

/** No address: its path or query may hold what the tenant takes for a secret. */
function endpointDetails({ name, value }: Extract<Put, { readonly put: 'endpoint' }>): Readonly<Record<string, Json>> {
  const { events, signing, secrets, verification, disabled } = value;
  const [newest] = secrets;
  const counted = { events: events.slice(0, mostNames), signing, secrets: secrets.length, newestSecret: newest?.id ?? null };
  return { name, ...counted, verification, disabled: disabled?.reason ?? null };
}

/** Names of what a change of a connector's configuration concerns, which are written beside it. */
const changedIn = (changes: readonly Change[]): readonly string[] =>
  changes.flatMap((change) => ('put' in change && change.put === 'connector_change' ? change.value.changed : []));

function verbOf(change: Put): string {
  if (change.put === 'connection' && change.value.status === 'disconnected') return 'disconnect';
  return change.expect === 'absent' ? 'create' : 'change';
}

const isConnection = (change: Change): boolean => 'put' in change && change.put === 'connection';

/** The connection that a change is about; a credential that goes, goes with the connection that is written before it. */
function connectionOf(change: Change, changes: readonly Change[]): string | null {
  if ('put' in change && change.put === 'connection') return change.id;
  if ('put' in change && (change.put === 'credential' || change.put === 'registration')) return change.value.connection;
  if (!('delete' in change)) return null;
  if (change.delete === 'connection') return change.id;
  if (change.delete !== 'credential') return null;
  const before = changes.slice(0, changes.indexOf(change));
  return (before.findLast(isConnection) ?? changes.find(isConnection))?.id ?? null;
}

function actOf(change: Change, changes: readonly Change[]): Act {
  const connection = connectionOf(change, changes);
  if ('delete' in change) return { action: `${change.delete}.delete`, object: { type: change.delete, id: change.id }, connection };
  const object = { type: change.put, id: change.id };
  return { action: `${change.put}.${verbOf(change)}`, object, connection, details: detailsOf(change, changes) };
}

/** What is written with its head, whose record says all of it. */
const parts: ReadonlySet<ConfigurationKind> = new Set(['automation_version', 'connector_change', 'mapping_version']);
const isPart = (change: Change): boolean => parts.has('put' in change ? change.put : change.delete);

/** What a change of the configuration is, one record for each thing that it changes. */
export const entriesOfChanges = (changes: readonly Change[], recorder: Recorder): readonly AuditEntry[] =>
  changes.filter((change) => !isPart(change)).map((change) => toEntry(actOf(change, changes), recorder));
