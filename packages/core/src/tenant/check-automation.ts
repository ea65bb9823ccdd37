import { actionsOf } from '../automation/actions-of.ts';
import type { AutomationDefinition, ScheduleRule } from '../automation/automation-definition.ts';
import { invalidAutomation } from '../automation/automation-error.ts';
import { type AwaitedEvent, awaitedEvents } from '../automation/awaited-events.ts';
import { ownEventTypes } from '../automation/trigger-event.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { isBuiltInName } from '../connector/built-in-action.ts';
import { closestName } from '../errors/closest-name.ts';
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
  for (const awaited of awaitedEvents(definition)) checkSource(scope, configuration, awaited);
  for (const [place, { action, connection }] of actionsOf(definition)) {
    if (isBuiltInName(action)) continue;
    const [connector = ''] = action.split('.', 1);
    const row = findConnection(configuration, connector, connection ?? '');
    require(row !== undefined, noConnection(configuration, { place, connector, connection }));
    if (row) within(place, () => scope.registry.resolveFor(action, row.value));
  }
}

/** Throws `automation_invalid` for an event of a receiver or a connection that the tenant does not have. */
function checkSource(scope: Names, configuration: TenantConfiguration, { place, event, connection }: AwaitedEvent): void {
  if (isReceivers(event)) {
    const [, name = ''] = event.split('.');
    const names = (configuration.rows.receiver ?? []).map((row) => row.name);
    require(names.includes(name), `${place}.event: there is no receiver ${name}${meant(name, names)}`);
  }
  if (connection === undefined) return;
  const [connector = ''] = event.split('.', 1);
  const row = findConnection(configuration, connector, connection);
  require(row !== undefined, noConnection(configuration, { place, connector, connection }));
  const pinned = row && scope.registry.findFor(row.value);
  const name = event.slice(connector.length + 1);
  const isThere = !pinned || Object.hasOwn(pinned.triggers, name);
  require(isThere, `${place}.event: ${connection} is pinned to ${connector}@${pinned?.definition.version}, which has no trigger ${name}`);
}

interface Unconnected {
  readonly place: string;
  readonly connector: string;
  readonly connection: string | undefined;
}

function noConnection(configuration: TenantConfiguration, { place, connector, connection = '' }: Unconnected): string {
  const names = configuration.connections.filter(({ value }) => value.connector === connector).map(({ value }) => value.name);
  return `${place}.connection: there is no connection ${connection} of ${connector}${meant(connection, names)}`;
}

/** What was perhaps meant by a name, or what to do about it. */
function meant(name: string, names: readonly string[]): string {
  const closest = closestName(name, names);
  return closest === undefined ? '; put it first' : `; put it first, or name ${closest}`;
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
    require(fault === null, fault ?? '');
  }
  for (const awaited of awaitedEvents(definition)) checkEvent(scope, awaited);
  for (const [place, { action }] of actionsOf(definition)) {
    within(place, () => (isBuiltInName(action) ? scope.registry.builtIn.get(action) : scope.registry.resolveAny(action)));
  }
}

/** Throws `automation_invalid` for a type of event that nothing emits, and for a connection where none is gone through. */
function checkEvent(scope: Names, { place, event, connection }: AwaitedEvent): void {
  const isConnectors = scope.registry.findTrigger(event) !== undefined;
  const isOwn = place !== 'trigger' && ownEventTypes.some((type) => type === event);
  const isEmitted = isConnectors || isOwn || isReceivers(event) || hostTypes(scope).includes(event);
  require(isEmitted, `${place}.event: nothing emits ${event}${knownTypes(scope, event)}`);
  const whose = isReceivers(event) ? "a receiver's" : "the host's own";
  require(isConnectors || connection === undefined, `${place}.connection: ${event} is ${whose} event and comes through no connection`);
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

function hostTypes({ hostEvents, records }: Names): readonly string[] {
  return [...Object.keys(hostEvents), ...recordEventTypes(records)];
}

function knownTypes(scope: Names, event: string): string {
  const types = [...hostTypes(scope), ...scope.registry.eventTypes()];
  const closest = closestName(event, types);
  const more = types.length > 30 ? ` and ${types.length - 30} more` : '';
  return `${closest === undefined ? '; known' : `; did you mean ${closest}? Known`} types are ${types.slice(0, 30).join(', ')}${more}`;
}

function require(holds: boolean, fault: string): void {
  if (!holds) throw invalidAutomation(fault.endsWith('?') ? fault : `${fault}.`);
}
