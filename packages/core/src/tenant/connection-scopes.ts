import { actionsOf } from '../automation/actions-of.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ActionDefinition, ScopeNeed } from '../connector/action-definition.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { missingScopes } from '../connector/missing-scopes.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { findConnection } from '../routing/find-connection.ts';
import { storedDefinition } from './automation-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** A scope that something enabled needs. */
export interface NeededScope {
  readonly scope: string;
  /** For whoever is asked to grant it. */
  readonly reasons: readonly string[];
  /** Actions that need it; empty where the connector itself does. */
  readonly actions: readonly string[];
}

/** What a connection may do beside what is enabled on it. */
export interface ConnectionScopes {
  /** `null`: nobody has said, and nothing is compared. */
  readonly granted: readonly string[] | null;
  /** What to ask for: the union of the connector's own needs and those of the actions of enabled automations. */
  readonly needed: readonly NeededScope[];
  readonly missing: readonly string[];
}

interface Need extends ScopeNeed {
  readonly action: string | null;
}

/** Compares what was granted with what is enabled now. */
export function connectionScopes(
  { registry }: Pick<TenantScope, 'registry'>,
  configuration: TenantConfiguration,
  row: Row<'connection'>,
): ConnectionScopes {
  const connector = registry.findFor(row.value);
  const granted = row.value.grantedScopes ?? null;
  if (!connector) return { granted, needed: [], missing: [] };
  const needs = [...needsOf(connector.definition.scopes, connector.id, null), ...usedActions(configuration, connector, row)];
  const needed = [...Map.groupBy(needs, ({ scope }) => scope)].map(([scope, each]) => ({
    scope,
    reasons: [...new Set(each.map(({ reason }) => reason))],
    actions: [...new Set(each.flatMap(({ action }) => action ?? []))],
  }));
  const scopes = needed.map(({ scope }) => scope);
  return { granted, needed, missing: missingScopes(connector.definition, scopes, granted) };
}

function usedActions(configuration: TenantConfiguration, connector: Connector, row: Row<'connection'>): readonly Need[] {
  const enabled = configuration.automations.filter(({ value }) => value.enabled);
  const steps = enabled.flatMap(({ value }) => actionsOf(storedDefinition(value.definition)).map(([, step]) => step));
  return steps.flatMap(({ action: name, connection }) => {
    const [id = '', operation = ''] = name.split('.', 2);
    if (id !== connector.id || connection === undefined || findConnection(configuration, id, connection)?.id !== row.id) return [];
    const action: ActionDefinition | undefined = Object.hasOwn(connector.actions, operation) ? connector.actions[operation] : undefined;
    return needsOf(action?.scopes, action?.title ?? name, name);
  });
}

function needsOf(scopes: readonly (string | ScopeNeed)[] | undefined, title: string, action: string | null): readonly Need[] {
  return (scopes ?? []).map((scope) =>
    typeof scope === 'string' ? { scope, reason: `Needed to: ${title}`, action } : { ...scope, action },
  );
}

/**
 * Gives notice of every connection that something enabled needs more of than it was granted: after a change of either. Never rejects: the change
 * is committed, and `connections.scopes` tells the same at any time.
 */
export async function noticeMissingScopes(scope: TenantScope, touched: (row: Row<'connection'>) => boolean): Promise<void> {
  const { tenant, cache, notify, clock } = scope;
  const configuration = await cache.read(tenant, { fresh: true }).catch(() => null);
  for (const row of configuration?.connections ?? []) {
    if (configuration === null || row.value.grantedScopes === undefined || !touched(row)) continue;
    const { missing } = connectionScopes(scope, configuration, row);
    if (missing.length === 0) continue;
    const { connector } = row.value;
    notify('connection.scopes_missing', { tenant, connectionId: row.id, connectorId: connector, missing, at: clock.now() });
  }
}
