import { actionsOf } from '../automation/actions-of.ts';
import type { AutomationDefinition } from '../automation/automation-definition.ts';
import { within } from '../automation/automation-error.ts';
import { type DataSchema, eventShape, stepsShape } from '../automation/event-shape.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { Schema } from '../connector/schema.ts';
import type { Shapes } from '../expression/check-path.ts';
import { compileTemplate } from '../expression/compile-template.ts';
import { type Shape, shapeOfKinds } from '../expression/shape.ts';
import { findConnection } from '../routing/find-connection.ts';
import { compileCondition } from '../rules/compile-condition.ts';
import type { TenantScope } from './tenant-services.ts';

type Names = Pick<TenantScope, 'registry' | 'hostEvents'>;

/**
 * Holds condition and templates against the schemas of the event and of the steps' outputs. Throws `automation_invalid` naming the place, the
 * position, and what was perhaps meant, for a member that never is there and an operation that can never succeed. What a schema leaves
 * open is let through, and so is what differs between majors where it is not known which is meant: `null` for a configuration that nobody has asked for.
 * Only when an automation is put: what is stored stays readable whatever schemas become.
 */
export function checkTypes(names: Names, configuration: TenantConfiguration | null, definition: AutomationDefinition): void {
  const scope = { ...names, configuration };
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

interface Known extends Names {
  readonly configuration: TenantConfiguration | null;
}

/** The schema of the trigger's data: a connector's event keeps what it does not name, the host's own does not. */
function payloadOf(known: Known, { trigger }: AutomationDefinition): DataSchema | undefined {
  if (!('event' in trigger)) return undefined;
  const { hostEvents } = known;
  const [id = ''] = trigger.event.split('.', 1);
  const name = trigger.event.slice(id.length + 1);
  const payload = connectorOf(known, { id, reference: trigger.connection, has: ({ triggers }) => Object.hasOwn(triggers, name) })?.triggers[
    name
  ]?.payload;
  if (payload !== undefined) return { schema: payload, side: 'input' };
  const schema = Object.hasOwn(hostEvents, trigger.event) ? hostEvents[trigger.event] : undefined;
  return schema === undefined ? undefined : { schema, side: 'output' };
}

function outputsOf(known: Known, { steps }: AutomationDefinition): ReadonlyMap<string, Schema> {
  const outputs = new Map<string, Schema>();
  for (const step of steps) {
    const [id = '', name = ''] = step.action.split('.');
    const reference = 'connection' in step ? step.connection : undefined;
    const schema = connectorOf(known, { id, reference, has: ({ actions }) => Object.hasOwn(actions, name) })?.actions[name]?.output;
    if (schema !== undefined) outputs.set(step.id, schema);
  }
  return outputs;
}

interface Meant {
  readonly id: string;
  /** The connection, where one is named. */
  readonly reference: string | undefined;
  readonly has: (connector: Connector) => boolean;
}

/** The connector by whose major it goes: that of the connection, else the only one that has it and that a connection of the tenant is of. */
function connectorOf({ registry, configuration }: Known, { id, reference, has }: Meant): Connector | undefined {
  const named = reference === undefined ? undefined : configuration && findConnection(configuration, id, reference);
  if (named) return [registry.findFor(named.value)].find((connector) => connector !== undefined && has(connector));
  const having = registry.findAll(id).filter(has);
  if (having.length < 2) return having[0];
  const used = new Set(
    configuration?.connections.filter(({ value }) => value.connector === id).map(({ value }) => registry.findFor(value)),
  );
  const meant = having.filter((connector) => used.has(connector));
  return meant.length === 1 ? meant[0] : undefined;
}
