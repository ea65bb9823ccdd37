import { type CompiledAutomation, compileAutomation } from '../automation/compile-automation.ts';
import { parseAutomation } from '../automation/parse-automation.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { versionOf, versionRowName } from '../routing/version-of.ts';
import { automationRow } from './automation-view.ts';
import { checkAutomation } from './check-automation.ts';
import { checkInputs } from './check-inputs.ts';
import { checkTypes } from './check-types.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** Stands for the id of an automation that is not stored. */
const notStored = 'definition';

/** What is tried, compiled: a stored automation by its name or id, or a definition as `put` would take it. */
export async function dryRunSubject(scope: TenantScope, what: unknown, version: number | undefined): Promise<CompiledAutomation> {
  if (isDefinition(what)) return checked(scope, what);
  // Whatever is no text names nothing.
  const row = await automationRow(scope, what as string);
  return compiledVersion(scope, row, version ?? row.value.version);
}

/** One version of a stored automation, compiled. Throws `not_found`. */
export async function compiledVersion(scope: TenantScope, { id, name }: Row<'automation'>, version: number): Promise<CompiledAutomation> {
  const { tenant, storage, compiled } = scope;
  const store = storage.configuration;
  const found = Number.isSafeInteger(version) ? await store.find(tenant, 'automation_version', versionRowName(id, version)) : null;
  if (found === null) throw notFound('automation');
  return versionOf({ store, compiled }, { tenant, automation: id, version, name });
}

function isDefinition(what: unknown): what is object {
  return typeof what === 'object' && what !== null && ('trigger' in what || 'steps' in what);
}

/** Refuses what `put` refuses. */
async function checked(scope: TenantScope, input: object): Promise<CompiledAutomation> {
  await scope.ready();
  const definition = parseAutomation(input);
  const configuration = await scope.cache.read(scope.tenant, { fresh: true });
  checkAutomation(scope, configuration, definition);
  await checkInputs(scope, configuration, definition);
  checkTypes(scope, configuration, definition);
  return compileAutomation({ id: notStored, name: notStored, version: 0, definition });
}
