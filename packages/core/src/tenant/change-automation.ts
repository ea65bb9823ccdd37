import { actionsOf } from '../automation/actions-of.ts';
import type { AutomationDefinition } from '../automation/automation-definition.ts';
import { parseAutomation } from '../automation/parse-automation.ts';
import type { Change, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import { versionRowName } from '../routing/version-of.ts';
import { type Automation, automationRow, storedDefinition, toAutomation } from './automation-view.ts';
import { checkAutomation } from './check-automation.ts';
import { checkInputs } from './check-inputs.ts';
import { isName } from './check-text.ts';
import { checkTypes } from './check-types.ts';
import { noticeMissingScopes } from './connection-scopes.ts';
import { tellDeprecations } from './tell-deprecations.ts';
import { admit, requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** Races that are tried again before they are given up. */
const writeTries = 100;

/** Makes the automation of this name, or a new version of it; the same definition changes nothing. */
export async function putAutomation(scope: TenantScope, name: string, input: unknown): Promise<Automation> {
  const { tenant, storage, cache } = scope;
  await scope.ready();
  checkName(name);
  const definition = parseAutomation(input);
  if (actionsOf(definition).length > 0) await requireFeature(scope, 'actions');
  const configuration = await cache.read(tenant, { fresh: true });
  checkAutomation(scope, configuration, definition);
  await checkInputs(scope, configuration, definition);
  checkTypes(scope, configuration, definition);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await storage.configuration.find(tenant, 'automation', name);
    if (existing && canonicalJson(existing.value.definition) === canonicalJson(definition)) return toAutomation(existing);
    const scheduledSince = await sinceOf(scope, existing, definition);
    const { head, changes } = newVersion(scope, { name, existing, definition, scheduledSince });
    const condition = existing ? undefined : await admit(scope, 'automations', name);
    const verdict = await scope.configuration.write(tenant, changes, condition);
    if (verdict.status === 'conflict') continue;
    cache.forget(tenant);
    const isGrantKnown = configuration.connections.some(({ value }) => value.grantedScopes !== undefined);
    if (isGrantKnown) await noticeMissingScopes(scope, usesAny(definition));
    await tellDeprecations(scope);
    return head;
  }
  throw busy();
}

/** Starts runs from the next event on, or starts no more. */
export async function setEnabled(scope: TenantScope, reference: string, enabled: boolean): Promise<Automation> {
  const now = await scope.storage.now();
  const row = await changeRow(scope, reference, (found) => {
    if (found.value.enabled === enabled) return [];
    // What would have been fired meanwhile is nobody's to catch up.
    const since = found.value.scheduledSince === undefined ? {} : { scheduledSince: now };
    const value = { ...found.value, enabled, ...since };
    return [{ put: 'automation', id: found.id, name: found.name, expect: found.version, value }];
  });
  if (enabled && !row.value.enabled) await noticeMissingScopes(scope, usesAny(storedDefinition(row.value.definition)));
  if (enabled) await tellDeprecations(scope);
  return { ...toAutomation(row), enabled };
}

/** Connections of the connectors that a definition acts through. */
function usesAny(definition: AutomationDefinition): (row: Row<'connection'>) => boolean {
  const connectors = new Set(actionsOf(definition).map(([, { action }]) => action.split('.', 1)[0]));
  return ({ value }) => connectors.has(value.connector);
}

/** Deletes an automation; its versions stay for its runs. */
export async function deleteAutomation(scope: TenantScope, reference: string): Promise<void> {
  await changeRow(scope, reference, (row) => [{ delete: 'automation', id: row.id, expect: row.version }]);
}

function checkName(name: string): void {
  // A name that looks like an id could stand for another automation's.
  if (isName(name) && !isUuid(name)) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: "An automation's name is text of 1 to 200 characters without control characters, and not a uuid.",
  });
}

/** From when the schedule of a definition counts; another one counts from now. */
export async function sinceOf(
  { storage }: TenantScope,
  existing: Row<'automation'> | null,
  { trigger }: AutomationDefinition,
): Promise<number | undefined> {
  if (!('schedule' in trigger)) return undefined;
  const before = existing && storedDefinition(existing.value.definition).trigger;
  const since = canonicalJson(before) === canonicalJson(trigger) ? existing?.value.scheduledSince : undefined;
  return since ?? storage.now();
}

/** A definition of an automation, and what is there. */
export interface NewVersion {
  readonly name: string;
  readonly existing: Row<'automation'> | null;
  readonly definition: AutomationDefinition;
  readonly scheduledSince: number | undefined;
}

/** The changes that put a definition, and the automation as it is then. */
export function newVersion(
  { generateId, clock }: Pick<TenantScope, 'generateId' | 'clock'>,
  input: NewVersion,
): { readonly head: Automation; readonly changes: readonly Change[] } {
  const { name, existing, definition, scheduledSince } = input;
  const id = existing?.id ?? generateId();
  const version = (existing?.value.version ?? 0) + 1;
  const enabled = existing?.value.enabled ?? true;
  // A definition is JSON: the parser let nothing else through.
  const stored = definition as unknown as Json;
  const value = { name, version, enabled, definition: stored, ...(scheduledSince === undefined ? {} : { scheduledSince }) };
  return {
    head: { id, name, version, enabled, definition },
    changes: [
      { put: 'automation', id, name, expect: existing?.version ?? 'absent', value },
      {
        put: 'automation_version',
        id: generateId(),
        name: versionRowName(id, version),
        expect: 'absent',
        value: { automation: id, version, definition: stored, createdAt: clock.now() },
      },
    ],
  };
}

async function changeRow(
  scope: TenantScope,
  reference: string,
  changesFor: (row: Row<'automation'>) => readonly Change[],
): Promise<Row<'automation'>> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await automationRow(scope, reference);
    const changes = changesFor(row);
    const verdict = changes.length === 0 ? null : await scope.configuration.write(scope.tenant, changes);
    if (verdict?.status === 'conflict') continue;
    if (verdict) scope.cache.forget(scope.tenant);
    return row;
  }
  throw busy();
}

function busy(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The automation is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
