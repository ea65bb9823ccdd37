import type { ConfigurationKind } from '@patchbay/core/adapter';
import { auditTables } from './audit-tables.ts';
import { configurationReferences } from './configuration-references.ts';
import { journal, receipts } from './kept-tables.ts';

/**
 * A dispatch that a claim of kind `ready` may find. `parked` rows were due later than a minute when they were written; they stand apart,
 * so that a backlog for tomorrow is not walked over by the claims of today.
 */
export const readyCondition = "status = 'pending' and crashes = 0 and parked = 0";

/** A dispatch that waits for a time far off. */
export const parkedCondition = "status = 'pending' and crashes = 0 and parked = 1";

/** A pending dispatch that has crashed. */
export const suspectCondition = "status = 'pending' and crashes > 0";

/**
 * An ordered dispatch that keeps its turn open. One that waits for its turn is parked and due at {@link neverDue}; `turn_due_at` says when it
 * is due once it has it.
 */
export const orderedCondition =
  "ordering_key is not null and (status in ('pending', 'leased', 'held') or (status = 'dead' and on_dead = 'block'))";

/** The dispatches that deliver to an endpoint: few, among all that have been. */
export const deliveryCondition = "handler = 'delivery'";

/** The time at which nothing is ever due, milliseconds since 1970: the last that a Date holds. */
export const neverDue = 8_640_000_000_000_000;

/** Milliseconds after which a dispatch that is written now is parked. */
export const parkingMs = 60_000;

/** The tables of the first version. */
const firstTables = {
  connection: 'connections',
  credential: 'credentials',
  automation: 'automations',
  automation_version: 'automation_versions',
  registration: 'registrations',
  subscriber: 'subscribers',
  tenant_key: 'tenant_keys',
} as const;

/** The table of each kind. */
export const configurationTables: Readonly<Record<ConfigurationKind, string>> = {
  ...firstTables,
  app: 'apps',
  connector_configuration: 'connector_configurations',
  connector_change: 'connector_changes',
  endpoint: 'endpoints',
  receiver: 'receivers',
  alert_rule: 'alert_rules',
  mapping: 'mappings',
  mapping_version: 'mapping_versions',
  enrichment: 'enrichments',
};

/** What is looked up besides id and name is a column of its own, kept by SQLite. */
const generated: Readonly<Record<string, readonly string[]>> = {
  connections: ['connector', 'externalAccountId', 'status'],
  credentials: ['connection'],
  registrations: ['connection'],
};

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const generatedColumns = (table: string): string =>
  (generated[table] ?? []).map((field) => `${snakeCase(field)} text generated always as (value ->> '$.${field}') virtual,\n`).join('');

const configurationTable = (table: string): string => `
  create table ${table} (
    tenant text not null, id text not null, name text not null, version integer not null, value text not null, updated_at integer not null,
    ${generatedColumns(table)} primary key (tenant, id), unique (tenant, name)
  )`;

const configuration: readonly string[] = [
  'create table configuration_revisions (scope text primary key, revision integer not null) without rowid',
  ...Object.values(firstTables).map(configurationTable),
  'create index registrations_id on registrations (id)',
  'create index connections_account on connections (connector, external_account_id) where external_account_id is not null',
];

const events: readonly string[] = [
  `create table events (
    tenant text not null, id text not null, type text not null, source text not null, subject text, time integer not null, connection text,
    correlation text not null, causation text, class text not null, severity text not null, registration text, delivery_id text,
    considered text not null, stored_at integer not null, data blob not null, original blob, primary key (tenant, id)
  )`,
  `create table event_dedupe (
    tenant text not null, guard text not null, root text not null, hash text, stored_at integer not null, primary key (tenant, guard)
  ) without rowid`,
  `create table event_marks (
    position integer primary key, tenant text not null, root text not null, fence integer not null default 0, lease_until integer,
    routed integer not null default 0, last_page text, ended integer not null default 0, unique (tenant, root)
  )`,
  'create index event_marks_open on event_marks (position) where ended = 0',
];

const work: readonly string[] = [
  `create table runs (
    tenant text not null, root text not null, automation text not null, replay integer not null, automation_name text not null,
    version integer not null, status text not null, state text not null, error text, revision integer not null,
    started_at integer not null, finished_at integer, primary key (tenant, root, automation, replay)
  )`,
  `create table dispatches (
    handle integer primary key, tenant text not null, root text not null, target text not null, replay integer not null, path text not null,
    handler text not null, lane text not null, work_class text not null, operation text not null, connection text, version integer,
    mark text not null, on_unknown text not null, status text not null, parked integer not null, created_at integer not null,
    due_at integer not null, fence integer not null default 0, holder text, lease_until integer, claimed_at integer, sent_at integer,
    marked_first integer not null default 0, born_by text, round integer not null default 1, attempts integer not null default 0,
    crashes integer not null default 0, last_attempt integer not null default 0, first_sent_at integer, unknown_since integer, error text,
    reason text, finished_at integer, last_write text, input text, output text, unique (tenant, root, target, replay, path)
  )`,
  `create index dispatches_ready on dispatches (work_class, tenant, lane, handler, due_at) where ${readyCondition}`,
  `create index dispatches_parked on dispatches (due_at) where ${parkedCondition}`,
  `create index dispatches_suspect on dispatches (due_at) where ${suspectCondition}`,
  "create index dispatches_leased on dispatches (holder) where status = 'leased'",
  `create table attempts (
    dispatch integer not null, number integer not null, round integer not null, outcome text not null, started_at integer not null,
    duration_ms real, holder text not null, fence integer not null, error text, retry_in_ms real, provider_request_id text,
    warnings text not null, primary key (dispatch, number)
  ) without rowid`,
];

const control: readonly string[] = [
  `create table gates (
    tenant text not null, lane text not null, reason text not null, until integer, primary key (tenant, lane, reason)
  ) without rowid`,
  'create table leases (name text primary key, holder text, fence integer not null, until integer not null) without rowid',
  'create table counter_batches (id text primary key, added_at integer not null) without rowid',
  'create index counter_batches_age on counter_batches (added_at)',
  `create table counters (
    tenant text not null, name text not null, day text not null, count real not null, primary key (tenant, name, day)
  ) without rowid`,
  'create table wakes (only integer primary key check (only = 1), count integer not null)',
  'insert into wakes values (1, 0)',
];

const ordering: readonly string[] = [
  'alter table dispatches add column ordering_key text',
  'alter table dispatches add column on_dead text',
  'alter table dispatches add column ordering_number integer',
  'alter table dispatches add column turn_due_at integer',
  `create index dispatches_ordered on dispatches (tenant, target, ordering_key, ordering_number) where ${orderedCondition}`,
  `create table ordering_turns (
    tenant text not null, target text not null, key text not null, number integer not null, primary key (tenant, target, key)
  ) without rowid`,
  'create table ordering_numbers (only integer primary key check (only = 1), last integer not null)',
  'alter table event_marks add column in_order integer not null default 0',
  // Of a tenant's marks in order all but the first wait.
  'alter table event_marks add column waits integer not null default 0',
  'drop index event_marks_open',
  'create index event_marks_free on event_marks (position) where ended = 0 and waits = 0',
  'create index event_marks_in_order on event_marks (tenant, position) where ended = 0 and in_order = 1',
];

/** The dispatches that a `dead` list shows, in its order: few, among all that have succeeded. */
export const deadCondition = "status = 'dead'";

const deadList: readonly string[] = [
  `create index dispatches_dead on dispatches (tenant, root, target, replay, path) where ${deadCondition}`,
];

/** What retention looks for. */
const ages: readonly string[] = ['create index event_dedupe_age on event_dedupe (stored_at)'];

/** What people begin at other services, and the tenants' own registrations there. */
const flows: readonly string[] = [
  configurationTable('apps'),
  `create table flows (
    hash text primary key, tenant text not null, user text not null, value text not null, expires_at integer not null, taker text
  ) without rowid`,
  'create index flows_user on flows (tenant, user)',
  'create index flows_age on flows (expires_at)',
];

/** Which rows each of a scope's last revisions changed. */
const configurationLog: readonly string[] = [
  `create table configuration_changes (
    scope text not null, revision integer not null, kind text not null, id text not null, primary key (scope, revision, kind, id)
  ) without rowid`,
];

/** What tenants set for connectors, and each change of it. */
const connectorConfigurations: readonly string[] = [
  configurationTable('connector_configurations'),
  configurationTable('connector_changes'),
];

/** What the hub looks at by itself. */
const due: readonly string[] = [
  "create index connections_due on connections (value ->> '$.dueAt', tenant, id) where value ->> '$.dueAt' is not null",
];

/** Where a tenant's events go, where webhooks without a connector come in, and what changes by itself. */
const endpointsAndStates: readonly string[] = [
  configurationTable('endpoints'),
  configurationTable('receivers'),
  'create index receivers_id on receivers (id)',
  `create table states (
    tenant text not null, name text not null, version integer not null, value text not null, updated_at integer not null,
    primary key (tenant, name)
  ) without rowid`,
];

/** What went over the wire, and the deliveries of an endpoint, which its list shows. */
const exchanges: readonly string[] = [
  'alter table attempts add column exchange text',
  `create index dispatches_deliveries on dispatches (tenant, target, root, replay, path) where ${deliveryCondition}`,
];

/** When somebody is to be told of trouble, and how. */
const alertRules: readonly string[] = [configurationTable('alert_rules')];

/** How data is mapped and enriched, and what that added to events. */
const additions: readonly string[] = [
  'alter table events add column additions blob',
  configurationTable('mappings'),
  configurationTable('mapping_versions'),
  configurationTable('enrichments'),
];

/** Statements of each version of the tables, from 1. A version that has gone out is never changed: what is new comes behind it, and adds. */
export const migrations: readonly (readonly string[])[] = [
  [...configuration, ...events, ...work, ...control],
  ordering,
  deadList,
  ages,
  configurationReferences,
  auditTables,
  flows,
  configurationLog,
  connectorConfigurations,
  due,
  endpointsAndStates,
  exchanges,
  receipts,
  journal,
  alertRules,
  additions,
];
