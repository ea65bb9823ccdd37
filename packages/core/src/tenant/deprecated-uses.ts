import { actionsOf } from '../automation/actions-of.ts';
import type { AutomationDefinition } from '../automation/automation-definition.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { Deprecation } from '../connector/deprecation.ts';
import { majorOf } from '../connector/major-of.ts';
import { findConnection } from '../routing/find-connection.ts';
import { storedDefinition } from './automation-view.ts';

/** Something of a connector that goes away. */
export interface DeprecatedThing {
  readonly kind: 'connector' | 'action' | 'trigger';
  /** `shop@1`, or the full name of an action or a trigger, `shop.find_all`. */
  readonly name: string;
  readonly connector: string;
  readonly major: number;
  /** For a person: why, and what to do. */
  readonly message: string;
  /** The end of the last day on which it must work, milliseconds since 1970; `null`: nobody has said. It works afterwards too, as long as it is there. */
  readonly sunsetAt: number | null;
  /** What takes its place; `null`: nothing. */
  readonly replacedBy: string | null;
}

/** Who uses it. */
export interface DeprecatedUse extends DeprecatedThing {
  /** Id of the connection; `null` for a trigger of whichever. */
  readonly connectionId: string | null;
  /** Name of the automation; `null`: the connection itself is of a connector that goes away. */
  readonly automation: string | null;
}

const dayMs = 86_400_000;

/** What of a connector goes away. */
export function deprecatedThings({ id, definition }: Connector): readonly DeprecatedThing[] {
  const { version, actions, triggers, deprecated } = definition;
  const major = majorOf(version);
  const thing = (kind: DeprecatedThing['kind'], name: string, said: Deprecation | undefined): readonly DeprecatedThing[] => {
    if (said === undefined) return [];
    const { message, sunset, replacedBy = null } = said;
    const sunsetAt = sunset === undefined ? null : Date.parse(`${sunset}T00:00:00Z`) + dayMs;
    return [{ kind, name, connector: id, major, message, sunsetAt, replacedBy }];
  };
  return [
    ...thing('connector', `${id}@${major}`, deprecated),
    ...Object.entries(actions).flatMap(([name, action]) => thing('action', `${id}.${name}`, action.deprecated)),
    ...Object.entries(triggers).flatMap(([name, trigger]) => thing('trigger', `${id}.${name}`, trigger.deprecated)),
  ];
}

/** True where something that is registered goes away. */
export const hasDeprecations = (registry: Pick<ConnectorRegistry, 'list'>): boolean =>
  registry.list().some((connector) => deprecatedThings(connector).length > 0);

/** Which connections and enabled automations of a tenant use what goes away, each once for a thing. */
export function deprecatedUses(
  registry: Pick<ConnectorRegistry, 'findFor' | 'findTrigger'>,
  configuration: TenantConfiguration,
): readonly DeprecatedUse[] {
  const uses = new Map<string, DeprecatedUse>();
  const add = (connector: Connector | undefined, used: Pick<DeprecatedUse, 'kind' | 'name' | 'connectionId' | 'automation'>): void => {
    const { kind, name, connectionId, automation } = used;
    const thing = connector && deprecatedThings(connector).find((each) => each.kind === kind && each.name === name);
    if (thing) uses.set(JSON.stringify([kind, name, thing.major, connectionId, automation]), { ...thing, connectionId, automation });
  };
  for (const { id, value } of configuration.connections) {
    const connector = value.status === 'disconnected' ? undefined : registry.findFor(value);
    if (!connector) continue;
    const name = `${connector.id}@${majorOf(connector.definition.version)}`;
    add(connector, { kind: 'connector', name, connectionId: id, automation: null });
  }
  for (const { name: automation, value } of configuration.automations) {
    if (!value.enabled) continue;
    for (const { kind, name, connection } of namedBy(storedDefinition(value.definition))) {
      const row = findConnection(configuration, name.split('.', 1)[0] ?? '', connection ?? '');
      const connector = row ? registry.findFor(row.value) : kind === 'trigger' ? registry.findTrigger(name)?.connector : undefined;
      add(connector, { kind, name, connectionId: row?.id ?? null, automation });
    }
  }
  return [...uses.values()];
}

interface Named {
  readonly kind: 'action' | 'trigger';
  readonly name: string;
  readonly connection: string | undefined;
}

function namedBy(definition: AutomationDefinition): readonly Named[] {
  const { trigger } = definition;
  return [
    ...('event' in trigger ? [{ kind: 'trigger' as const, name: trigger.event, connection: trigger.connection }] : []),
    ...actionsOf(definition).map(([, { action, connection }]) => ({ kind: 'action' as const, name: action, connection })),
  ];
}
