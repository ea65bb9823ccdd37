import { createHash } from 'node:crypto';
import { isJsonObject } from '../../../json/is-json-object.ts';
import type { Json } from '../../../json/json.ts';
import { parseBody, usualKeys } from '../parse-body.ts';
import { readBinaryMode } from './read-binary-mode.ts';
import { type ReceivedMessage, type SeenRequest, timeOf, unreadable } from './received-message.ts';

/** Most events of one batch, and how many times the keys of one event all of them may have. */
const maximumEvents = 1_000;
const keysOfBatch = 10;

/**
 * The CloudEvents of a request, by its content type: one (structured), many (batch), or one whose attributes are headers (binary). Throws
 * `body_invalid` for what is none of version 1.0, and for more keys than an event may have (of a batch ten times as many). Source: CloudEvents specification 1.0.2, HTTP protocol binding and JSON event format.
 */
export function readCloudEvents(request: SeenRequest, maximumKeys: number = usualKeys): readonly ReceivedMessage[] {
  const type = mediaTypeOf(request);
  if (!type.startsWith('application/cloudevents'))
    return [messageOf(readBinaryMode(request, { mediaType: type, maximumKeys }), request.body, false)];
  const isBatch = type === 'application/cloudevents-batch' || type === 'application/cloudevents-batch+json';
  if (!isBatch && type !== 'application/cloudevents' && type !== 'application/cloudevents+json')
    throw unreadable(`CloudEvents are taken in their JSON format, not as ${type}`);
  const { value, exact } = parseBody(request.body, isBatch ? keysOfBatch * maximumKeys : maximumKeys);
  if (!isBatch) return [messageOf(value, request.body, exact)];
  if (!Array.isArray(value)) throw unreadable('A batch of CloudEvents is a JSON array');
  if (value.length > maximumEvents) throw unreadable(`The batch has ${value.length} events, and at most ${maximumEvents} are taken of one`);
  // Each is stored by itself: the bytes of the whole batch with each of them would be its square.
  return value.map((event: Json) => messageOf(event, new TextEncoder().encode(JSON.stringify(event)), true));
}

function mediaTypeOf({ headers }: Pick<SeenRequest, 'headers'>): string {
  const header = Object.hasOwn(headers, 'content-type') ? headers['content-type'] : undefined;
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function messageOf(value: Json, body: Uint8Array, exact: boolean): ReceivedMessage {
  if (!isJsonObject(value)) throw unreadable('A CloudEvent is a JSON object');
  const event = new Map(Object.entries(value));
  if (event.get('specversion') !== '1.0') throw unreadable('The CloudEvent is not of specversion 1.0');
  for (const name of event.keys()) {
    // As the specification names attributes; `data_base64` alone has more.
    if (!/^[a-z0-9]+$/.test(name) && name !== 'data_base64')
      throw unreadable('An attribute of the CloudEvent has a name that none can have');
  }
  if (event.has('data') && event.has('data_base64')) throw unreadable('The CloudEvent has both data and data_base64');
  const [id, source, type] = ['id', 'source', 'type'].map((name) => requiredText(event.get(name), name));
  return {
    ...{ value, body, exact, type },
    deliveryId: deliveryIdOf(source ?? '', id ?? ''),
    subject: optionalText(event.get('subject'), 'subject'),
    time: timeOfEvent(optionalText(event.get('time'), 'time')),
  };
}

function requiredText(value: Json | undefined, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw unreadable(`The CloudEvent has no ${name}`);
}

function optionalText(value: Json | undefined, name: string): string | undefined {
  // In JSON null is as if it were absent.
  return value === undefined || value === null ? undefined : requiredText(value, name);
}

function timeOfEvent(text: string | undefined): number | undefined {
  const time = text === undefined ? undefined : timeOf(text);
  if (text !== undefined && time === undefined) throw unreadable('The time of the CloudEvent is not of RFC 3339');
  return time;
}

/** Source and id say together which event it is. A short id can be read in it; a hash of fixed length ends it, so that no two are written alike. */
function deliveryIdOf(source: string, id: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('base64url');
  return /^[\x21-\x7e]{1,100}$/.test(id) ? `${id}@${hash}` : hash;
}
