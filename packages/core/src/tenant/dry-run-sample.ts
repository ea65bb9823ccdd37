import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { buildEvent, type NewEvent } from '../events/build-event.ts';
import { eventData } from '../events/event-data.ts';
import type { Json } from '../json/json.ts';
import { findConnection } from '../routing/find-connection.ts';
import { isReference } from './check-text.ts';
import { typesOf } from './events-for-automation.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** An event that is made up. */
export interface SampleEvent {
  /** @default what the automation starts on */
  readonly type?: string;
  readonly data: Json;
  /** @default none */
  readonly subject?: string;
  /** Name or id of the connection that it would have come through. @default the one that the trigger names */
  readonly connection?: string;
  /** When it would have happened, milliseconds since 1970. @default now */
  readonly time?: number;
}

/** A sample as an event that is stored nowhere. Throws `invalid_event` for what no event can be. */
export function sampleEvent(
  { tenant, generateId, clock }: TenantScope,
  configuration: TenantConfiguration,
  automation: CompiledAutomation,
  sample: SampleEvent,
): NewEvent {
  const { trigger } = automation.definition;
  const type = sample.type ?? typesOf(automation)[0];
  if (!isReference(type))
    throw new PatchbayError({ code: 'invalid_event', message: 'The sample has no type. Name the type of the event that is made up.' });
  const reference = sample.connection ?? ('event' in trigger && trigger.event === type ? trigger.connection : undefined);
  const connection = reference === undefined ? undefined : findConnection(configuration, type.split('.', 1)[0] ?? '', reference);
  if (reference !== undefined && connection === undefined) throw notFound('connection');
  return buildEvent({
    tenant,
    id: generateId(),
    type,
    time: sample.time ?? Math.floor(clock.now()),
    subject: sample.subject,
    connection: connection?.id,
    class: 'custom',
    severity: 'info',
    data: eventData(sample.data, 'The data of the sample').bytes,
  });
}
