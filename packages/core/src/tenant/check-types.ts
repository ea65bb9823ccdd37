import { actionsOf } from '../automation/actions-of.ts';
import type { AutomationDefinition } from '../automation/automation-definition.ts';
import { within } from '../automation/automation-error.ts';
import { type DataSchema, eventShape, stepsShape } from '../automation/event-shape.ts';
import type { Schema } from '../connector/schema.ts';
import type { Shapes } from '../expression/check-path.ts';
import { compileTemplate } from '../expression/compile-template.ts';
import { type Shape, shapeOfKinds } from '../expression/shape.ts';
import { compileCondition } from '../rules/compile-condition.ts';
import type { TenantScope } from './tenant-services.ts';

type Names = Pick<TenantScope, 'registry' | 'hostEvents'>;

/**
 * Holds condition and templates against the schemas of the event and of the steps' outputs. Throws `automation_invalid` naming the place, the
 * position, and what was perhaps meant, for a member that never is there and an operation that can never succeed. What a schema leaves
 * open is let through. Only when an automation is put: what is stored stays readable whatever schemas become.
 */
export function checkTypes(scope: Names, definition: AutomationDefinition): void {
  const event = eventShape(payloadOf(scope, definition));
  const { when, ordering, escalation } = definition;
  const about = shapesOf({ event, now: shapeOfKinds('timestamp') });
  if (when !== undefined) within('when', () => compileCondition(when, { shapes: about }));
  if (ordering !== undefined) within('ordering.key', () => compileTemplate(ordering.key, { shapes: about }));
  const steps = stepsShape(outputsOf(scope, definition));
  for (const [place, action] of actionsOf(definition)) {
    const shapes = action === escalation ? about : shapesOf({ event, steps });
    within(`${place}.input`, () => compileTemplate(action.input ?? {}, { shapes }));
  }
}

function shapesOf(known: Readonly<Record<string, Shape | undefined>>): Shapes {
  return new Map(Object.entries(known).flatMap(([name, shape]): [string, Shape][] => (shape === undefined ? [] : [[name, shape]])));
}

/** The schema of the trigger's data: a connector's event keeps what it does not name, the host's own does not. */
function payloadOf({ registry, hostEvents }: Names, { trigger }: AutomationDefinition): DataSchema | undefined {
  if (!('event' in trigger)) return undefined;
  const found = registry.findTrigger(trigger.event);
  if (found !== undefined) return { schema: found.definition.payload, side: 'input' };
  const schema = Object.hasOwn(hostEvents, trigger.event) ? hostEvents[trigger.event] : undefined;
  return schema === undefined ? undefined : { schema, side: 'output' };
}

function outputsOf({ registry }: Names, { steps }: AutomationDefinition): ReadonlyMap<string, Schema> {
  const outputs = new Map<string, Schema>();
  for (const { id, action } of steps) {
    const [connector = '', name = ''] = action.split('.');
    const actions = registry.find(connector)?.actions;
    const schema = actions !== undefined && Object.hasOwn(actions, name) ? actions[name]?.output : undefined;
    if (schema !== undefined) outputs.set(id, schema);
  }
  return outputs;
}
