import { isSchema } from './is-schema.ts';
import { pollingFault } from './polling-declaration.ts';
import type { TriggerDefinition, TriggerKind } from './trigger-definition.ts';

const nameShape = /^[a-z][a-z0-9]*([._][a-z0-9]+)*$/;
const kinds: Readonly<Record<TriggerKind, true>> = {
  created: true,
  updated: true,
  deleted: true,
  status_changed: true,
  commented: true,
  assigned: true,
  custom: true,
};

interface NamedTrigger {
  readonly name: string;
  readonly trigger: TriggerDefinition;
  /** Whether its connector declares how webhooks come in. */
  readonly hasWebhook: boolean;
}

/** What keeps a trigger from working, or `undefined`. */
export function triggerFault({ name, trigger, hasWebhook }: NamedTrigger): string | undefined {
  if (!nameShape.test(name)) return `the trigger name ${name} must be lower-case segments joined by dots`;
  if (typeof trigger?.title !== 'string' || typeof trigger.description !== 'string')
    return `the trigger ${name} needs a title and a description`;
  if (!Object.hasOwn(kinds, trigger.kind)) return `the kind of the trigger ${name} must be one of ${Object.keys(kinds).join(', ')}`;
  if (trigger.delivery !== 'webhook' && trigger.delivery !== 'polling')
    return `the delivery of the trigger ${name} must be webhook or polling`;
  const ofPolling = pollingFaultOf(trigger);
  if (ofPolling !== undefined) return `the trigger ${name}: ${ofPolling}`;
  if (!isSchema(trigger.payload)) return `the payload of the trigger ${name} must be a Standard Schema`;
  if (trigger.accepts !== undefined && typeof trigger.accepts !== 'function')
    return `the accepts of the trigger ${name} must be a function`;
  if (trigger.delivery === 'webhook' && !hasWebhook) return `the trigger ${name} comes by webhook, and the connector declares none`;
  return undefined;
}

function pollingFaultOf({ delivery, polling }: TriggerDefinition): string | undefined {
  if (polling === undefined) return delivery === 'polling' ? 'it is polled and does not say how; declare its polling' : undefined;
  return delivery === 'polling' ? pollingFault(polling) : 'it declares polling, and comes by webhook';
}
