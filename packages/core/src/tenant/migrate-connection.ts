import { toEntry } from '../audit/recorder.ts';
import type { Connection } from '../connections/connection.ts';
import { majorOf } from '../connector/major-of.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { connectionRow } from './connection-row.ts';
import { noticeMissingScopes } from './connection-scopes.ts';
import { keepRegistrations } from './keep-registrations.ts';
import type { MigrationFindings } from './migration-finding.ts';
import { notFound } from './not-found.ts';
import { type MigrationPlan, planMigration } from './plan-migration.ts';
import { restartHealth } from './restart-health.ts';
import { tellDeprecations } from './tell-deprecations.ts';
import type { TenantScope } from './tenant-services.ts';
import { viewConnection } from './view-connections.ts';

/** Where a connection is to move. */
export interface MigrationRequest {
  /** Major of its connector that is registered. A lower one is the way back. */
  readonly to: number;
  /** Answers what would become of it, and changes nothing. @default false */
  readonly dryRun?: boolean;
  /** New definitions of automations by their names, put at the same moment: where a step's input or an event's name is another in the other major. @default none */
  readonly automations?: Readonly<Record<string, object>>;
}

/** What a migration has done, or would. */
export interface MigrationReport extends MigrationFindings {
  /** As it is now. */
  readonly connection: Connection;
  readonly from: number;
  readonly to: number;
  /** True where this call has moved it; false for a dry run, and where it was there already. */
  readonly migrated: boolean;
  /** As they are in the other major. */
  readonly settings: Connection['settings'];
  readonly confinedTo: Connection['confinedTo'];
}

/** Races that are tried again before they are given up. */
const writeTries = 20;

/**
 * Moves a connection to another major of its connector: looks at everything that goes through it, and writes all of it at once or nothing. Throws
 * `unknown_connector`, `not_found`, `invalid_argument`, `migration_refused` that lists what keeps it, and `conflict` when others keep changing the tenant.
 */
export async function migrateConnection(scope: TenantScope, reference: string, request: MigrationRequest): Promise<MigrationReport> {
  const { tenant, registry, cache, configuration, recorder } = scope;
  const { to, dryRun, automations } = checkRequest(request);
  const { id } = await connectionRow(scope, reference);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const before = await cache.read(tenant, { fresh: true });
    const row = before.connection(id);
    if (!row) throw notFound('connection');
    const target = registry.get(row.value.connector, to);
    const from = row.value.major ?? majorOf(registry.getFor(row.value).definition.version);
    if (from === to) return viewOf(scope, row, { from, to, plan: nothingToDo(row), migrated: false });
    const plan = await planMigration(scope, { before, row, from, target, automations });
    if (dryRun) return viewOf(scope, row, { from, to, plan, migrated: false });
    if (plan.problems.length > 0) throw refused(row, to, plan);
    const object = { type: 'connection', id };
    const act = toEntry({ action: 'connection.migrate', object, connection: id, details: { from, to } }, recorder);
    const verdict = await configuration.write(tenant, plan.changes, { revision: before.revision.tenant, audit: [act] });
    cache.forget(tenant);
    if (verdict.status === 'conflict') continue;
    const now = { ...row, version: row.version + 1, value: plan.record };
    await told(scope, now, { from, to });
    return viewOf(scope, now, { from, to, plan, migrated: true });
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The tenant is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

/** What follows the commit. All of it is mended by what looks after it anyway, so a process that is lost here leaves nothing undone for long. */
async function told(
  scope: TenantScope,
  row: Row<'connection'>,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const { tenant, notify, clock, schedules, content } = scope;
  notify('connection.migrated', { tenant, connectionId: row.id, connectorId: row.value.connector, from, to, at: clock.now() });
  await restartHealth(scope, row.id);
  await noticeMissingScopes(scope, ({ id }) => id === row.id);
  await tellDeprecations(scope);
  if (row.value.registrationsDueAt !== undefined) await keepRegistrations(scope, row);
  await Promise.allSettled([schedules.keepPolls(tenant), content.keep(tenant)]);
}

async function viewOf(
  scope: TenantScope,
  row: Row<'connection'>,
  { from, to, plan, migrated }: Pick<MigrationReport, 'from' | 'to' | 'migrated'> & { readonly plan: Omit<MigrationPlan, 'changes'> },
): Promise<MigrationReport> {
  const { record, problems, warnings } = plan;
  const { settings, confinedTo = null } = record;
  return { connection: await viewConnection(scope, row), from, to, migrated, settings, confinedTo, problems, warnings };
}

const nothingToDo = ({ value }: Row<'connection'>): Omit<MigrationPlan, 'changes'> => ({ record: value, problems: [], warnings: [] });

function checkRequest({ to, dryRun = false, automations = {} }: MigrationRequest): Required<MigrationRequest> {
  if (!Number.isSafeInteger(to) || to < 0)
    throw new PatchbayError({ code: 'invalid_argument', message: 'A migration goes to a major: { to: 2 }. Name one that is registered.' });
  if (typeof automations !== 'object' || automations === null || Array.isArray(automations))
    throw new PatchbayError({ code: 'invalid_argument', message: 'The automations of a migration are definitions by their names.' });
  return { to, dryRun, automations };
}

/** One error that lists all of it. */
function refused({ value }: Row<'connection'>, to: number, { problems }: MigrationFindings): PatchbayError {
  const listed = problems.map(({ about, message }) => `(${about}) ${message}`).join(' ');
  return new PatchbayError({
    code: 'migration_refused',
    message: `The connection ${value.name} stays where it is, for it cannot come over to ${value.connector}@${to}: ${listed}`,
    details: { problems: problems.map(({ about, name, message }) => ({ about, name, message })) },
  });
}
