import { actionsOf } from '../automation/actions-of.ts';
import { type AutomationDefinition, isControlStep } from '../automation/automation-definition.ts';
import { walkSteps } from '../automation/walk-steps.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { findConnection } from '../routing/find-connection.ts';
import { storedDefinition } from './automation-view.ts';
import { checkAutomation } from './check-automation.ts';
import { checkInputs } from './check-inputs.ts';
import { checkTypes } from './check-types.ts';
import { findings, type MigrationFinding, type MigrationFindings } from './migration-finding.ts';
import type { TenantScope } from './tenant-services.ts';

/** A tenant before and after a connection of it has moved. */
export interface MovedTenant {
  readonly before: TenantConfiguration;
  readonly after: TenantConfiguration;
  /** The connection as it is. */
  readonly row: Row<'connection'>;
  /** What it is of; `undefined`: this process does not have that major. */
  readonly source: Connector | undefined;
  readonly target: Connector;
  readonly to: number;
  /** Names of automations whose new definitions come with the migration. */
  readonly given: ReadonlySet<string>;
}

/** Whether the automations that use a connection can still be put once it has moved, each as it would be then. */
export async function migrationOfAutomations(scope: TenantScope, moved: MovedTenant): Promise<MigrationFindings> {
  const found: (MigrationFinding & { readonly keeps: boolean })[] = [];
  for (const automation of moved.after.automations) {
    const { name, value } = automation;
    const isGiven = moved.given.has(name);
    const definition = storedDefinition(value.definition);
    const tell = (message: string, keeps: boolean) => found.push({ about: 'automation', name, message, keeps });
    const lost = lostTrigger(moved, definition);
    if (lost !== null && value.enabled) tell(lost, false);
    if (!isGiven && !uses(moved, definition)) continue;
    const fault = await faultOf(scope, moved, 'after', definition);
    if (fault === null) continue;
    // What does not hold as it is, is not the migration's doing.
    if (!isGiven && (await faultOf(scope, moved, 'before', definition)) !== null) continue;
    const message = `${name} does not fit major ${moved.to}: ${fault} Give its new definition with the migration, or disable it first.`;
    tell(message, value.enabled || isGiven);
  }
  return findings(found);
}

async function faultOf(
  scope: TenantScope,
  { source, target, row, ...moved }: MovedTenant,
  when: 'before' | 'after',
  definition: AutomationDefinition,
): Promise<string | null> {
  const configuration = moved[when];
  try {
    checkAutomation(scope, configuration, definition);
    await checkInputs(scope, configuration, definition);
    checkTypes(scope, configuration, definition);
  } catch (error) {
    if (isPatchbayError(error) && !error.retryable) return error.message;
    throw error;
  }
  const connector = when === 'after' ? target : source;
  const waited = waitsOf(definition).find(
    ({ event, connection }) => meansRow(configuration, row, event, connection) && connector && !hasTrigger(connector, event),
  );
  return waited ? `steps.${waited.id}: ${connector?.id}@${connector?.definition.version} has no trigger ${waited.event}.` : null;
}

/** Whether a definition names the connection: for its trigger, what it sends, or what it waits for. */
function uses({ before, after, row }: MovedTenant, definition: AutomationDefinition): boolean {
  const { trigger } = definition;
  const isRow = (connector: string, reference: string | undefined) =>
    reference !== undefined && [before, after].some((configuration) => findConnection(configuration, connector, reference)?.id === row.id);
  const connectorOf = (name: string): string => name.split('.', 1)[0] ?? '';
  return (
    ('event' in trigger && isRow(connectorOf(trigger.event), trigger.connection)) ||
    actionsOf(definition).some(([, { action, connection }]) => isRow(connectorOf(action), connection)) ||
    waitsOf(definition).some(({ event, connection }) => isRow(connectorOf(event), connection))
  );
}

const waitsOf = ({ steps }: AutomationDefinition) =>
  [...walkSteps(steps)].flatMap((step) => (isControlStep(step) && step.action === 'flow.wait' ? [step] : []));

function meansRow(configuration: TenantConfiguration, row: Row<'connection'>, event: string, connection: string | undefined): boolean {
  return connection !== undefined && findConnection(configuration, event.split('.', 1)[0] ?? '', connection)?.id === row.id;
}

const hasTrigger = ({ id, triggers }: Connector, event: string): boolean =>
  event.startsWith(`${id}.`) && Object.hasOwn(triggers, event.slice(id.length + 1));

/** It starts on the events of whichever connection, and the other major has none of these. */
function lostTrigger({ source, target, to, row }: MovedTenant, { trigger }: AutomationDefinition): string | null {
  if (!('event' in trigger) || trigger.connection !== undefined || !source) return null;
  if (!hasTrigger(source, trigger.event) || hasTrigger(target, trigger.event)) return null;
  return `It starts on ${trigger.event}, which major ${to} does not have: events of ${row.value.name} start it no more.`;
}
