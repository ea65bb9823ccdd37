import type { AutomationDefinition } from '../automation/automation-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { isUuid } from '../id/is-uuid.ts';
import type { Json } from '../json/json.ts';
import { isReference } from './check-text.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** An automation as stored. */
export interface Automation {
  readonly id: string;
  readonly name: string;
  /** Counts changes of the definition from 1. */
  readonly version: number;
  readonly enabled: boolean;
  readonly definition: AutomationDefinition;
}

/** The host's view of a stored automation. */
export function toAutomation(row: Row<'automation'>): Automation {
  const { name, version, enabled, definition } = row.value;
  return { id: row.id, name, version, enabled, definition: storedDefinition(definition) };
}

/** A definition as it was put. Not parsed again: one that a newer version wrote must still be listed, disabled and deleted. */
export function storedDefinition(definition: Json): AutomationDefinition {
  return definition as unknown as AutomationDefinition;
}

/** The automation of a name or an id. Throws `not_found`. */
export async function automationRow(scope: TenantScope, reference: string): Promise<Row<'automation'>> {
  const { configuration } = scope.storage;
  await scope.ready();
  const row = isUuid(reference)
    ? await configuration.get(scope.tenant, 'automation', reference)
    : isReference(reference)
      ? await configuration.find(scope.tenant, 'automation', reference)
      : null;
  if (!row) throw notFound('automation');
  return row;
}
