import type { AutomationDefinition, Step } from '../automation/automation-definition.ts';
import { within } from '../automation/automation-error.ts';
import { compileNodes } from '../automation/compile-node.ts';
import { controlOutputs } from '../automation/control-outputs.ts';
import { eventShape, type KnownData, stepsShape } from '../automation/event-shape.ts';
import { ownEventData } from '../automation/own-event-data.ts';
import { eventTypesOf } from '../automation/trigger-event.ts';
import { walkSteps } from '../automation/walk-steps.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { Shapes } from '../expression/check-path.ts';
import { compileTemplate } from '../expression/compile-template.ts';
import { type Shape, shapeOfKinds } from '../expression/shape.ts';
import { recordEventData } from '../records/record-event-data.ts';
import { findConnection } from '../routing/find-connection.ts';
import { compileCondition } from '../rules/compile-condition.ts';
import type { TenantScope } from './tenant-services.ts';

type Names = Pick<TenantScope, 'registry' | 'hostEvents' | 'records'>;

/**
 * Holds conditions and templates, those of control steps too, against the schemas of the events and of the steps' outputs. Throws `automation_invalid` naming the place, the
 * position, and what was perhaps meant, for a member that never is there and an operation that can never succeed. What a schema leaves
 * open is let through, and so is what differs between majors where it is not known which is meant: `null` for a configuration that nobody has asked for.
 * Only when an automation is put: what is stored stays readable whatever schemas become.
 */
export function checkTypes(names: Names, configuration: TenantConfiguration | null, definition: AutomationDefinition): void {
  const scope = { ...names, configuration };
  const event = eventShape(triggering(scope, definition));
  const { when, ordering, escalation } = definition;
  const about = shapesOf({ event, now: shapeOfKinds('timestamp') });
  if (when !== undefined) within('when', () => compileCondition(when, { shapes: about }));
  if (ordering !== undefined) within('ordering.key', () => compileTemplate(ordering.key, { shapes: about }));
  if (escalation !== undefined) within('escalation.input', () => compileTemplate(escalation.input ?? {}, { shapes: about }));
  compileNodes(definition.steps, {
    roots: ['event', 'steps', 'vars'],
    earlier: [],
    shapes: shapesOf({ event, steps: stepsShape(outputsOf(scope, definition)) }),
    incoming: (wait) => eventShape(payloadOf(scope, wait)),
  });
}

function shapesOf(known: Readonly<Record<string, Shape | undefined>>): Shapes {
  return new Map(Object.entries(known).flatMap(([name, shape]): [string, Shape][] => (shape === undefined ? [] : [[name, shape]])));
}

interface Known extends Names {
  readonly configuration: TenantConfiguration | null;
}

/** What is known of the data of the event that starts it. */
function triggering(known: Known, { trigger }: AutomationDefinition): KnownData | undefined {
  if ('event' in trigger) return payloadOf(known, trigger);
  const own = ownEventData(trigger);
  if (own !== undefined) return { described: own };
  const types = 'record' in trigger ? eventTypesOf(trigger) : [];
  // A record that is created or updated is told of alike; one that is gone, otherwise.
  const data = recordEventData(known.records, types.find((type) => !type.endsWith('.deleted')) ?? types[0] ?? '');
  return data === undefined ? undefined : { described: data };
}

/** What is known of an event's data: a connector's event keeps what its schema does not name, the host's own does not. */
function payloadOf(known: Known, { event, connection: reference }: { event: string; connection?: string }): KnownData | undefined {
  const { hostEvents, records } = known;
  const [id = ''] = event.split('.', 1);
  const name = event.slice(id.length + 1);
  const connector = connectorOf(known, { id, reference, has: ({ triggers }) => Object.hasOwn(triggers, name) });
  const payload = connector?.triggers[name]?.payload;
  if (payload !== undefined) return { schema: payload, side: 'input' };
  const schema = Object.hasOwn(hostEvents, event) ? hostEvents[event] : undefined;
  if (schema !== undefined) return { schema, side: 'output' };
  const described = recordEventData(records, event);
  return described === undefined ? undefined : { described };
}

function outputsOf(known: Known, { steps }: AutomationDefinition): ReadonlyMap<string, KnownData> {
  return new Map(
    [...walkSteps(steps)].flatMap((step): [string, KnownData][] => {
      const data = outputOf(known, step);
      return data === undefined ? [] : [[step.id, data]];
    }),
  );
}

function outputOf(known: Known, step: Step): KnownData | undefined {
  const control = controlOutputs.get(step.action);
  if (control !== undefined) return { described: control };
  const [id = '', name = ''] = step.action.split('.');
  const reference = 'connection' in step ? step.connection : undefined;
  const connector = connectorOf(known, { id, reference, has: ({ actions }) => Object.hasOwn(actions, name) });
  const schema = connector?.actions[name]?.output ?? known.registry.builtIn.find(step.action)?.output;
  return schema === undefined ? undefined : { schema, side: 'output' };
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
