import { parseAutomation } from '../automation/parse-automation.ts';
import { changedConfiguration, type TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { isAnnounced } from '../connections/holds-place.ts';
import { requireApp } from '../connections/require-app.ts';
import { requireMethod } from '../connections/require-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { majorOf } from '../connector/major-of.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { Change, Row } from '../contracts/configuration-store.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { credentialCheck } from '../gateway/credential-check.ts';
import type { Json } from '../json/json.ts';
import { newVersion, sinceOf } from './change-automation.ts';
import { connectionScopes } from './connection-scopes.ts';
import { type MigrationFinding, type MigrationFindings, together } from './migration-finding.ts';
import { migrationOfAutomations } from './migration-of-automations.ts';
import { migrationOfTheRest } from './migration-of-the-rest.ts';
import { migrationOfWebhooks } from './migration-of-webhooks.ts';
import { movedRecord } from './moved-record.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** A connection that is to move, in the configuration that was read. */
export interface MigrationPlace {
  readonly before: TenantConfiguration;
  readonly row: Row<'connection'>;
  readonly from: number;
  readonly target: Connector;
  /** New definitions, by the names of their automations. */
  readonly automations: Readonly<Record<string, object>>;
}

/** What a migration would write, and what was found. */
export interface MigrationPlan extends MigrationFindings {
  /** The connection as it would be. */
  readonly record: ConnectionRecord;
  /** All of it: to be written at once. */
  readonly changes: readonly Change[];
}

/** Works out a migration, and looks at all that goes through the connection. Writes nothing. */
export async function planMigration(scope: TenantScope, place: MigrationPlace): Promise<MigrationPlan> {
  const { registry, clock } = scope;
  const { before, row, from, target } = place;
  const to = majorOf(target.definition.version);
  const { record, problems } = await movedRecord(scope, { record: row.value, from, target });
  const ofAutomations = await newVersions(scope, place);
  const rows = { connection: [{ ...row, value: record }], automation: ofAutomations.flatMap(({ head }) => head) };
  const after = changedConfiguration(before, { revision: before.revision, rows, gone: [] });
  const source = registry.findFor(row.value);
  const moved = { before, after, row, source, target, to, given: new Set(Object.keys(place.automations)) };
  const webhooks = migrationOfWebhooks(moved, { from, now: Math.floor(clock.now()) });
  const found = together(
    { problems: [...statusProblems(row.value), ...problems, ...(await credentialProblems(scope, place, record))], warnings: [] },
    { problems: [], warnings: scopeWarnings(scope, after, { ...row, value: record }) },
    await migrationOfAutomations(scope, moved),
    webhooks,
    await migrationOfTheRest(scope, moved),
  );
  const put: Change = { put: 'connection', id: row.id, name: row.name, expect: row.version, value: record };
  return { ...found, record, changes: [put, ...webhooks.changes, ...ofAutomations.flatMap(({ changes }) => changes)] };
}

interface NewVersion {
  readonly head: readonly Row<'automation'>[];
  readonly changes: readonly Change[];
}

/** Throws `not_found` for an automation that is not there, and `automation_invalid` for what is none. */
async function newVersions(scope: TenantScope, { before, automations }: MigrationPlace): Promise<readonly NewVersion[]> {
  const made: NewVersion[] = [];
  for (const [name, input] of Object.entries(automations)) {
    const existing = before.automations.find((row) => row.name === name);
    if (!existing) throw notFound('automation');
    const definition = parseAutomation(input);
    const scheduledSince = await sinceOf(scope, existing, definition);
    const { head, changes } = newVersion(scope, { name, existing, definition, scheduledSince });
    const value = { ...existing.value, version: head.version, definition: definition as unknown as Json };
    made.push({ head: [{ ...existing, value }], changes });
  }
  return made;
}

function statusProblems(record: ConnectionRecord): readonly MigrationFinding[] {
  if (!isAnnounced(record)) return [];
  return [{ about: 'status', name: null, message: 'It has not been connected yet. Connect it first, of the major that is wanted.' }];
}

/** Whether the credential that it has can be used in the other major. */
async function credentialProblems(
  { tenant, vault, gateway, connect }: TenantScope,
  { before, row, target }: MigrationPlace,
  record: ConnectionRecord,
): Promise<readonly MigrationFinding[]> {
  const held = before.credential(row.id);
  if (!held) return [];
  try {
    const credential = await vault.open(tenant, held);
    requireMethod(target, credential);
    credentialCheck(gateway, target.definition)(credential, record.settings);
    await requireApp(connect, { tenant, connector: target }, credential);
    return [];
  } catch (error) {
    if (!isPatchbayError(error) || error.retryable) throw error;
    return [{ about: 'credential', name: null, message: `${error.message} Connect the account of another connection in the other major.` }];
  }
}

function scopeWarnings(scope: TenantScope, after: TenantConfiguration, row: Row<'connection'>): readonly MigrationFinding[] {
  const { missing } = connectionScopes(scope, after, row);
  if (missing.length === 0) return [];
  const message = `What is enabled on it needs scopes that were not granted: ${missing.join(', ')}. Connect the account again afterwards.`;
  return [{ about: 'scopes', name: null, message }];
}
