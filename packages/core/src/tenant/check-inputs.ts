import { actionsOf } from '../automation/actions-of.ts';
import type { AutomationDefinition } from '../automation/automation-definition.ts';
import { invalidAutomation } from '../automation/automation-error.ts';
import { inputFaults } from '../automation/input-faults.ts';
import type { TenantScope } from './tenant-services.ts';

/** Throws `automation_invalid` for an input that can never be one of its action, naming the place and the fault. */
export async function checkInputs({ registry }: Pick<TenantScope, 'registry'>, definition: AutomationDefinition): Promise<void> {
  for (const [place, { action, input }] of actionsOf(definition))
    refuse(place, await inputFaults(registry.resolve(action).definition.input, input ?? {}));
}

/** Like {@link checkInputs}, as far as the schemas answer at once. */
export function checkInputsNow({ registry }: Pick<TenantScope, 'registry'>, definition: AutomationDefinition): void {
  for (const [place, { action, input }] of actionsOf(definition)) {
    const faults = inputFaults(registry.resolve(action).definition.input, input ?? {});
    if (!('then' in faults)) refuse(place, faults);
  }
}

function refuse(place: string, faults: readonly string[]): void {
  if (faults.length > 0) throw invalidAutomation(`${place}.input: ${faults.join('; ')}`);
}
