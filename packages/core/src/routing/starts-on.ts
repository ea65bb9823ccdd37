import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import { findConnection } from './find-connection.ts';

/** An automation, and an event of the type that it starts on. */
export interface Pairing {
  readonly configuration: TenantConfiguration;
  readonly automation: CompiledAutomation;
  readonly event: Pick<EventRecord, 'connection'>;
  readonly hubEvent: HubEvent;
  /** What its condition uses is added to it. */
  readonly use: FuelUse;
}

/** Does the automation start on this event: through the connection that its trigger names, about a record as it says, and with its condition true? */
export function startsOn({ configuration, automation, event, hubEvent, use }: Pairing): boolean {
  const starts = isFrom(configuration, automation, event) && (automation.record?.starts(hubEvent, use) ?? true);
  return starts && (automation.condition?.test({ event: hubEvent }, use) ?? true);
}

/** Is the event from the connection that the automation's trigger names, if it names one? */
export function isFrom(configuration: TenantConfiguration, automation: CompiledAutomation, event: Pairing['event']): boolean {
  const { trigger } = automation.definition;
  if (!('event' in trigger) || trigger.connection === undefined) return true;
  const connector = trigger.event.split('.', 1)[0] ?? '';
  return event.connection !== null && findConnection(configuration, connector, trigger.connection)?.id === event.connection;
}
