import { actionsOf } from '../automation/actions-of.ts';
import type { AutomationDefinition, ScheduleRule } from '../automation/automation-definition.ts';
import { invalidAutomation } from '../automation/automation-error.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { isBuiltInName } from '../connector/built-in-action.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { recordEventTypes } from '../records/known-records.ts';
import { findConnection } from '../routing/find-connection.ts';
import { scheduleFault } from '../scheduling/schedule-fault.ts';
import { receiverPrefix } from '../webhooks/inbound/receivers/event-type-of.ts';
import { faultOfRecordRule } from './check-record-trigger.ts';
import type { TenantScope } from './tenant-services.ts';

type Names = Pick<TenantScope, 'registry' | 'hostEvents' | 'schedules' | 'deliveries' | 'clock' | 'records'>;

/** Throws `automation_invalid` for a definition that names what this hub or this tenant does not have. */
export function checkAutomation(scope: Names, configuration: TenantConfiguration, definition: AutomationDefinition): void {
  checkNames(scope, definition);
  const { trigger } = definition;
  if ('event' in trigger && isReceivers(trigger.event)) {
    const [, name = ''] = trigger.event.split('.');
    require((configuration.rows.receiver ?? []).some(
      (row) => row.name === name,
    ), `trigger.event: there is no receiver ${name}; put it first`);
  }
  if ('event' in trigger && trigger.connection !== undefined) {
    const [connector = ''] = trigger.event.split('.', 1);
    const row = findConnection(configuration, connector, trigger.connection);
    require(row !== undefined, `trigger.connection: there is no connection ${trigger.connection} of ${connector}; put it first`);
    const pinned = row && scope.registry.findFor(row.value);
    const name = trigger.event.slice(connector.length + 1);
    require(!pinned ||
      Object.hasOwn(
        pinned.triggers,
        name,
      ), `trigger.event: ${trigger.connection} is pinned to ${connector}@${pinned?.definition.version}, which has no trigger ${name}`);
  }
  for (const [place, { action, connection }] of actionsOf(definition)) {
    if (isBuiltInName(action)) continue;
    const [connector = ''] = action.split('.', 1);
    const row = findConnection(configuration, connector, connection ?? '');
    require(row !== undefined, `${place}.connection: there is no connection ${connection} of ${connector}; put it first`);
    if (row) within(place, () => scope.registry.resolveFor(action, row.value));
  }
}

/** Throws `automation_invalid` for an action that is not there. */
function within(place: string, resolve: () => unknown): void {
  try {
    resolve();
  } catch (cause) {
    if (!isPatchbayError(cause)) throw cause;
    throw invalidAutomation(`${place}.action: ${cause.message}`, cause);
  }
}

/** Throws `automation_invalid` for an event type or action that this hub does not have. */
export function checkNames(scope: Names, definition: AutomationDefinition): void {
  const { trigger } = definition;
  if ('schedule' in trigger) checkSchedule(scope, trigger.schedule);
  if ('record' in trigger) {
    const fault = faultOfRecordRule(scope.records, trigger.record);
    if (fault !== null) throw invalidAutomation(`${fault}.`);
  }
  if ('event' in trigger) {
    const isConnectors = scope.registry.findTrigger(trigger.event) !== undefined;
    require(isConnectors ||
      isReceivers(trigger.event) ||
      recordEventTypes(scope.records).includes(trigger.event) ||
      Object.hasOwn(
        scope.hostEvents,
        trigger.event,
      ), `trigger.event: nothing emits ${trigger.event}; known types are ${knownTypes(scope)}`);
    require(isConnectors ||
      trigger.connection ===
        undefined, `trigger.connection: ${trigger.event} is ${isReceivers(trigger.event) ? "a receiver's" : "the host's own"} event and comes through no connection`);
  }
  for (const [place, { action }] of actionsOf(definition)) {
    within(place, () => (isBuiltInName(action) ? scope.registry.builtIn.get(action) : scope.registry.resolveAny(action)));
  }
}

/** A schedule that never comes, or goes by a calendar that cannot be read. */
function checkSchedule({ schedules: { named }, deliveries: { network }, clock }: Names, rule: ScheduleRule): void {
  const fault = scheduleFault({ named, checkUrl: (url) => network.check(url), now: clock.now() }, rule);
  require(fault === undefined, `trigger.schedule.${fault}`);
}

/** Is it the type of a receiver's event: the prefix, the receiver's name, and what it says of itself? */
function isReceivers(type: string): boolean {
  const [prefix, name, first] = type.split('.');
  return prefix === receiverPrefix && name !== undefined && first !== undefined;
}

function knownTypes(scope: Names): string {
  const types = [...Object.keys(scope.hostEvents), ...recordEventTypes(scope.records), ...scope.registry.eventTypes()];
  return types.length > 30 ? `${types.slice(0, 30).join(', ')} and ${types.length - 30} more` : types.join(', ');
}

function require(holds: boolean, fault: string): void {
  if (!holds) throw invalidAutomation(`${fault}.`);
}
