import { formatDispatchId } from '../contracts/dispatch-id.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isEventPattern } from '../event/matches-pattern.ts';
import { buildEvent, toHubEvent } from '../events/build-event.ts';
import { eventData } from '../events/event-data.ts';
import type { Json } from '../json/json.ts';
import { endpointDispatch } from '../routing/endpoint-dispatch.ts';
import { endpointRow } from './endpoint-row.ts';
import type { TenantScope } from './tenant-services.ts';

/** What is sent to try an endpoint. */
export interface TestEvent {
  /** Type of the event; its endpoint alone receives it, whatever types it asks for. @default 'endpoint.test' */
  readonly type?: string;
  /** @default `{ test: true }` */
  readonly data?: Json;
}

/** A test event that is on its way. */
export interface SentTest {
  readonly eventId: string;
  readonly dispatchId: string;
}

/**
 * Stores an event that goes to this endpoint alone, and delivers it like any other. Throws `conflict` for an endpoint that receives nothing now.
 */
export async function testEndpoint(scope: TenantScope, reference: string, test: TestEvent): Promise<SentTest> {
  const { tenant, clock, publisher, generateId, cache, compiled } = scope;
  const { type = 'endpoint.test', data: given = { test: true } } = test;
  if (typeof type !== 'string' || !isEventPattern(type) || type.includes('*'))
    throw new PatchbayError({ code: 'invalid_argument', message: 'The type of a test event is dotted names, such as order.placed.' });
  const { id } = await endpointRow(scope, reference);
  const { bytes, data } = eventData(given, 'The data of the test event');
  const root = generateId();
  const time = Math.floor(clock.now());
  const event = buildEvent({ tenant, id: root, type, time, class: 'custom', severity: 'info', data: bytes });
  const verdict = await publisher.ingest({ tenant, root, dedupe: null, event }, async (fresh) => {
    const configuration = await cache.read(tenant, { fresh });
    const endpoint = compiled.of(configuration).endpoint(id) ?? compiled.of(await cache.current(tenant)).endpoint(id);
    if (!endpoint) throw notReceiving();
    const dispatch = endpointDispatch({ tenant, endpoint, event, read: () => toHubEvent(event, data), replay: 0 });
    return { revision: configuration.revision, considered: [], runs: [], dispatches: [dispatch] };
  });
  if (verdict.status !== 'created')
    throw new PatchbayError({ code: 'internal', message: 'The store took a new id for one it had. Try again.' });
  return { eventId: root, dispatchId: formatDispatchId({ tenant, root, target: `endpoint:${id}`, replay: 0, path: 'deliver' }) };
}

function notReceiving(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The endpoint receives nothing now. Verify it, or enable it, and send the test again.',
  });
}
