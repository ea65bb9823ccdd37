import { isJsonObject } from '../../../json/is-json-object.ts';
import { type BodyDeclaration, readDelivery } from '../read-delivery.ts';
import { readCloudEvents } from './read-cloud-events.ts';
import { type ReceivedMessage, type SeenRequest, timeOf, unreadable } from './received-message.ts';
import type { ReceiverFormat } from './receiver-definition.ts';

/** How a request is read. */
export interface MessageReading {
  readonly format: ReceiverFormat;
  readonly declaration: BodyDeclaration;
  /** Keys that a body may have in all its objects together. */
  readonly maximumKeys: number;
}

/** The messages of a verified request. Throws `body_invalid` for what is not of the format. */
export function readMessages(request: SeenRequest, { format, declaration, maximumKeys }: MessageReading): readonly ReceivedMessage[] {
  if (format === 'cloudevents') return readCloudEvents(request, maximumKeys);
  const { delivery, body, exact } = readDelivery(request, declaration, maximumKeys);
  const message: ReceivedMessage = { value: delivery.body, body, exact };
  return [format === 'json' ? { ...message, type: 'received' } : standardWebhook(request, message)];
}

/** Source: github.com/standard-webhooks/standard-webhooks, "Payload structure" and "Webhook headers". */
function standardWebhook({ headers }: Pick<SeenRequest, 'headers'>, message: ReceivedMessage): ReceivedMessage {
  const { value } = message;
  const type = isJsonObject(value) && Object.hasOwn(value, 'type') ? value['type'] : undefined;
  const timestamp = isJsonObject(value) && Object.hasOwn(value, 'timestamp') ? value['timestamp'] : undefined;
  if (typeof type !== 'string') throw unreadable('The body has no type, so it is no standard webhook');
  return {
    ...message,
    type,
    deliveryId: Object.hasOwn(headers, 'webhook-id') ? headers['webhook-id'] : undefined,
    time: typeof timestamp === 'string' ? timeOf(timestamp) : undefined,
  };
}
