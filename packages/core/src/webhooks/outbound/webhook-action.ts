import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import type { BuiltInAction, BuiltInCall } from '../../connector/built-in-action.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import type { EventRecord } from '../../contracts/dispatch-records.ts';
import type { Outcome } from '../../contracts/executor.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import { type DeliverOnceOptions, deliverOnce } from './deliver-once.ts';
import { deliveryBody } from './delivery-body.ts';
import { isReceiving } from './endpoint-target.ts';
import { deliveryTimeoutMs } from './send-delivery.ts';
import { type WebhookInput, webhookInput, webhookOutput } from './webhook-input.ts';

/** What sending webhooks needs. */
export interface WebhookActionOptions extends DeliverOnceOptions {
  readonly cache: ConfigurationCache;
}

/** Milliseconds until one whose endpoint receives nothing is looked at again. */
const lookAgainIn = 60_000;

/**
 * `webhook.send`: one signed request to an endpoint of the tenant, or to another URL on the origin of one: that origin has shown that it wants webhooks, and
 * its key signs. Receivers know a repeat by its `webhook-id`, which is the dispatch's key.
 */
export function webhookAction(options: WebhookActionOptions): BuiltInAction {
  return {
    name: 'webhook.send',
    title: 'Send webhook',
    description: "Sends one signed webhook to an endpoint of the tenant's.",
    idempotency: 'keyed',
    timeoutMs: deliveryTimeoutMs + 10_000,
    input: webhookInput,
    output: webhookOutput,
    lane: laneOf,
    run: (call) => send(options, call),
  };
}

/** One receiver that hangs keeps no other waiting. */
function laneOf(input: Json): string {
  const { endpoint, url } = isJsonObject(input) ? input : {};
  const place = typeof endpoint === 'string' ? endpoint : URL.canParse(String(url)) ? new URL(String(url)).host : '';
  return `built-in:webhook.send:${place.slice(0, 200)}`;
}

async function send(options: WebhookActionOptions, { tenant, input, key, signal, deadline, dispatch }: BuiltInCall): Promise<Outcome> {
  // Parsed by the schema of this very action.
  const { type = 'webhook.sent', data, ...place } = input as WebhookInput;
  let row: Row<'endpoint'>;
  try {
    row = await endpointFor(options, tenant, place);
    if (!isReceiving(row)) return { outcome: 'deferred', delayMs: lookAgainIn, reason: 'disabled' };
    if (place.url !== undefined) row = { ...row, value: { ...row.value, url: checkedUrl(options, place.url, row) } };
  } catch (error) {
    // Nothing has been sent.
    return { outcome: 'failed', error: toErrorRecord(error), retryable: !isPatchbayError(error) || error.retryable };
  }
  const event = asEvent({ tenant, id: key.value, type, time: dispatch.createdAt, root: dispatch.key.root });
  const body = deliveryBody({ event, data: JSON.stringify(data), payload: row.value.payload });
  return deliverOnce(options, { tenant, row, id: key.value, type, body, signal, deadline });
}

async function endpointFor(
  { cache }: WebhookActionOptions,
  tenant: string,
  place: Pick<WebhookInput, 'endpoint' | 'url'>,
): Promise<Row<'endpoint'>> {
  const known = findEndpoint((await cache.recent(tenant, 1_000)).endpoints, place);
  // It may have been put or enabled in another process a moment ago.
  const row = known && isReceiving(known) ? known : findEndpoint((await cache.current(tenant)).endpoints, place);
  if (row) return row;
  const message =
    place.endpoint === undefined
      ? 'No endpoint of the tenant has this origin, so nothing was sent. Put one for it and verify it, which is how its owner says yes.'
      : 'The endpoint is not there, so nothing was sent. Put it, or name another.';
  throw new PatchbayError({ code: 'not_found', message, sent: 'no' });
}

function findEndpoint(
  endpoints: readonly Row<'endpoint'>[],
  { endpoint: reference, url }: Pick<WebhookInput, 'endpoint' | 'url'>,
): Row<'endpoint'> | undefined {
  if (reference !== undefined) return endpoints.find(({ name }) => name === reference) ?? endpoints.find(({ id }) => id === reference);
  const origin = url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
  const there = endpoints.filter(({ value }) => new URL(value.url).origin === origin);
  return there.find(isReceiving) ?? there[0];
}

/** A URL on the endpoint's origin, as the guard of outgoing requests takes it. */
function checkedUrl({ network }: WebhookActionOptions, given: string, row: Row<'endpoint'>): string {
  network.check(given);
  const url = new URL(given);
  if (url.origin === new URL(row.value.url).origin) return url.href;
  throw new PatchbayError({
    code: 'egress_refused',
    message: 'The url is on another origin than the endpoint, so nothing was sent. Put an endpoint for that origin.',
    sent: 'no',
  });
}

/** What the body is made of: the call, as if it were an event. */
function asEvent({
  tenant,
  id,
  type,
  time,
  root,
}: { readonly [Name in 'tenant' | 'id' | 'type' | 'root']: string } & { readonly time: number }): EventRecord {
  const nothing = { codec: 'plain', bytes: new Uint8Array() } as const;
  const unset = { subject: null, connection: null, causation: root, original: null, receipt: null, considered: [] };
  return {
    ...unset,
    tenant,
    id,
    type,
    source: '/actions',
    time,
    correlation: root,
    class: 'custom',
    severity: 'info',
    data: nothing,
    storedAt: time,
  };
}
