import { actionsOf } from '../automation/actions-of.ts';
import type { AutomationDefinition } from '../automation/automation-definition.ts';
import { invalidAutomation } from '../automation/automation-error.ts';
import { inputFaults } from '../automation/input-faults.ts';
import { isBuiltInName } from '../connector/built-in-action.ts';
import type { Json } from '../json/json.ts';
import type { TenantScope } from './tenant-services.ts';

type Registry = Pick<TenantScope, 'registry'>;

type Faults = readonly string[] | Promise<readonly string[]>;

/** Throws `automation_invalid` for an input that can never be one of its action, naming the place and the fault. */
export async function checkInputs(scope: Registry, definition: AutomationDefinition): Promise<void> {
  for (const [place, { action, input }] of actionsOf(definition))
    for (const faults of faultsOf(scope, action, input ?? {})) refuse(place, await faults);
}

/** Like {@link checkInputs}, as far as the schemas answer at once. */
export function checkInputsNow(scope: Registry, definition: AutomationDefinition): void {
  for (const [place, { action, input }] of actionsOf(definition)) {
    for (const faults of faultsOf(scope, action, input ?? {})) {
      if (!('then' in faults)) refuse(place, faults);
      // It is asked again when the definition is put.
      else faults.catch(() => undefined);
    }
  }
}

/** By the action's schema, and then by what the action itself knows. */
function* faultsOf({ registry }: Registry, action: string, input: Json): Generator<Faults> {
  const builtIn = isBuiltInName(action) ? registry.builtIn.get(action) : undefined;
  yield inputFaults(builtIn?.input ?? registry.resolve(action).definition.input, input);
  if (builtIn?.check) yield builtIn.check(input);
}

function refuse(place: string, faults: readonly string[]): void {
  if (faults.length > 0) throw invalidAutomation(`${place}.input: ${faults.join('; ')}`);
}
