import type { AutomationDefinition } from '../automation/automation-definition.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { findConnection } from '../routing/plan-step.ts';
import type { TenantScope } from './tenant-services.ts';

/** Throws `automation_invalid` for a definition that names what this hub or this tenant does not have. */
export function checkAutomation(scope: TenantScope, configuration: TenantConfiguration, definition: AutomationDefinition): void {
  const { trigger, steps } = definition;
  if ('event' in trigger) {
    const known = scope.registry.findTrigger(trigger.event) !== undefined;
    require(known ||
      Object.hasOwn(
        scope.hostEvents,
        trigger.event,
      ), `trigger.event: nothing emits ${trigger.event}; known types are ${knownTypes(scope)}`);
    require(known ||
      trigger.connection === undefined, `trigger.connection: ${trigger.event} is the host's own event and comes through no connection`);
    const connector = trigger.event.split('.', 1)[0] ?? '';
    require(trigger.connection === undefined ||
      findConnection(configuration, connector, trigger.connection) !==
        undefined, `trigger.connection: there is no connection ${trigger.connection} of ${connector}`);
  }
  for (const step of steps) {
    const [connector = ''] = step.action.split('.');
    resolveAction(scope, step.id, step.action);
    require(findConnection(configuration, connector, step.connection) !==
      undefined, `steps.${step.id}.connection: there is no connection ${step.connection} of ${connector}; put it first`);
  }
}

function resolveAction(scope: TenantScope, id: string, action: string): void {
  try {
    scope.registry.resolve(action);
  } catch (cause) {
    throw new PatchbayError({
      code: 'automation_invalid',
      message: `The automation is not valid: steps.${id}.action: ${cause instanceof Error ? cause.message : action}`,
      cause,
    });
  }
}

function knownTypes(scope: TenantScope): string {
  const types = [...Object.keys(scope.hostEvents), ...scope.registry.eventTypes()];
  return types.length > 30 ? `${types.slice(0, 30).join(', ')} and ${types.length - 30} more` : types.join(', ');
}

function require(holds: boolean, fault: string): void {
  if (!holds) throw new PatchbayError({ code: 'automation_invalid', message: `The automation is not valid: ${fault}.` });
}
