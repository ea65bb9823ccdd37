import type { AutomationDefinition } from '../automation/automation-definition.ts';
import { invalidAutomation } from '../automation/automation-error.ts';
import { inputFaults } from '../automation/input-faults.ts';
import type { TenantScope } from './tenant-services.ts';

/** Throws `automation_invalid` for a step whose input can never be one of its action, naming the step, the place in its input and the fault. */
export async function checkInputs({ registry }: Pick<TenantScope, 'registry'>, { steps }: AutomationDefinition): Promise<void> {
  for (const { id, action, input } of steps) refuse(id, await inputFaults(registry.resolve(action).definition.input, input ?? {}));
}

/** Like {@link checkInputs}, as far as the schemas answer at once. */
export function checkInputsNow({ registry }: Pick<TenantScope, 'registry'>, { steps }: AutomationDefinition): void {
  for (const { id, action, input } of steps) {
    const faults = inputFaults(registry.resolve(action).definition.input, input ?? {});
    if (!('then' in faults)) refuse(id, faults);
  }
}

function refuse(id: string, faults: readonly string[]): void {
  if (faults.length > 0) throw invalidAutomation(`steps.${id}.input: ${faults.join('; ')}`);
}
