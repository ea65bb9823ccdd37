import { actionsOf } from '../automation/actions-of.ts';
import type { AutomationDefinition } from '../automation/automation-definition.ts';
import { invalidAutomation } from '../automation/automation-error.ts';
import { inputFaults } from '../automation/input-faults.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { isBuiltInName } from '../connector/built-in-action.ts';
import type { PinnedConnection } from '../connector/connector-catalogue.ts';
import type { Schema } from '../connector/schema.ts';
import type { Json } from '../json/json.ts';
import { findConnection } from '../routing/find-connection.ts';
import type { TenantScope } from './tenant-services.ts';

type Registry = Pick<TenantScope, 'registry'>;

interface UsedAction {
  readonly action: string;
  /** The connection that it goes through, where that is known. */
  readonly pinned: PinnedConnection | undefined;
}

type Faults = readonly string[] | Promise<readonly string[]>;

/** Throws `automation_invalid` for an input that can never be one of its action, naming the place and the fault. */
export async function checkInputs(scope: Registry, configuration: TenantConfiguration, definition: AutomationDefinition): Promise<void> {
  for (const [place, { action, connection = '', input }] of actionsOf(definition)) {
    const [connector = ''] = action.split('.', 1);
    const pinned = findConnection(configuration, connector, connection)?.value;
    for (const faults of faultsOf(scope, { action, pinned }, input ?? {})) refuse(place, await faults);
  }
}

/** Like {@link checkInputs}, as far as the schemas answer at once. */
export function checkInputsNow(scope: Registry, definition: AutomationDefinition): void {
  for (const [place, { action, input }] of actionsOf(definition)) {
    for (const faults of faultsOf(scope, { action, pinned: undefined }, input ?? {})) {
      if (!('then' in faults)) refuse(place, faults);
      // It is asked again when the definition is put.
      else faults.catch(() => undefined);
    }
  }
}

/** By the action's schema, and then by what the action itself knows. */
function* faultsOf({ registry }: Registry, { action, pinned }: UsedAction, input: Json): Generator<Faults> {
  const builtIn = isBuiltInName(action) ? registry.builtIn.get(action) : undefined;
  const schema = builtIn?.input ?? inputOf(registry, { action, pinned });
  if (schema) yield inputFaults(schema, input);
  if (builtIn?.check) yield builtIn.check(input);
}

/** `undefined` where it depends on the major of a connection that is not known yet: it is asked again when the definition is put. */
function inputOf(registry: TenantScope['registry'], { action, pinned }: UsedAction): Schema | undefined {
  if (pinned) return registry.resolveFor(action, pinned).definition.input;
  const { connector, definition } = registry.resolveAny(action);
  return registry.findAll(connector.id).length === 1 ? definition.input : undefined;
}

function refuse(place: string, faults: readonly string[]): void {
  if (faults.length > 0) throw invalidAutomation(`${place}.input: ${faults.join('; ')}`);
}
