import { createHash } from 'node:crypto';
import type { ConnectorEvent, WebhookDelivery } from '../../../connector/webhook-declaration.ts';
import { PatchbayError } from '../../../errors/patchbay-error.ts';
import { compileExpression } from '../../../expression/compile-expression.ts';
import type { FuelUse } from '../../../expression/frame.ts';
import type { Json } from '../../../json/json.ts';
import type { VerifiedDelivery } from '../event-of-delivery.ts';
import { keptHeaders } from '../kept-headers.ts';
import { deliveryIdOf } from '../read-delivery.ts';
import { typeBehind } from './event-type-of.ts';
import { readMessages } from './read-messages.ts';
import { type ReceivedMessage, type SeenRequest, timeOf } from './received-message.ts';
import { declarationOf } from './receiver-declaration.ts';
import type { ReceiverDefinition, ReceiverExpression } from './receiver-definition.ts';
import { receiverSource } from './receiver-source.ts';

/** One event that a request to a receiver tells of, on its way in. */
export interface ReceivedEvent {
  readonly verified: VerifiedDelivery;
  readonly event: ConnectorEvent;
}

/** A receiver that reads requests. */
export interface CompiledReceiver {
  readonly definition: ReceiverDefinition;
  /** Throws what keeps a verified request from becoming events: `body_invalid`, `invalid_event`, `expression_failed`, `fuel_exhausted`. */
  read(request: SeenRequest): readonly ReceivedEvent[];
}

/** Steps of one expression: a batch of a thousand events asks each of four. */
const mostSteps = 10_000;

/** Steps of all expressions of one request, about a tenth of a second: a hundred for each of a thousand events. While they run nobody else is served. */
const mostStepsOfRequest = 400_000;

type Reader = (seen: Seen) => Json;

/** A message as expressions see it, and what those of its request have used together. */
interface Seen {
  readonly delivery: WebhookDelivery;
  readonly use: FuelUse;
}

/** What a receiver is made of. */
export interface ReceiverParts {
  readonly name: string;
  readonly definition: ReceiverDefinition;
  /** Keys that a body may have in all its objects together. */
  readonly maximumKeys: number;
}

/** Compiles a receiver. Throws `expression_invalid`. */
export function compileReceiver({ name, definition, maximumKeys }: ReceiverParts): CompiledReceiver {
  const source = receiverSource(name);
  const declaration = declarationOf(definition);
  const { eventType, deliveryId, subject, time, data, format = 'json' } = definition;
  const typeReader = typeof eventType === 'object' ? readerOf(eventType) : undefined;
  const idReader = typeof deliveryId === 'object' && 'cel' in deliveryId ? readerOf(deliveryId) : undefined;
  const [subjectReader, timeReader, dataReader] = [subject, time, data].map((each) => each && readerOf(each));

  const idOf = (message: ReceivedMessage, seen: Seen): string => {
    if (deliveryId === 'body') return createHash('sha256').update(message.body).digest('base64url');
    if (idReader) return soundId(idReader(seen));
    if (typeof deliveryId === 'object' && !('cel' in deliveryId)) return deliveryIdOf(seen.delivery, deliveryId);
    return soundId(message.deliveryId ?? null);
  };
  const eventOf = (message: ReceivedMessage, seen: Seen): ConnectorEvent => {
    const type = typeof eventType === 'string' ? eventType : typeReader ? typeReader(seen) : message.type;
    const happened = timeReader ? millisOf(timeReader(seen)) : message.time;
    const about = subjectReader ? subjectReader(seen) : message.subject;
    return {
      trigger: typeBehind(name, type),
      data: dataReader ? dataReader(seen) : seen.delivery.body,
      ...(typeof about === 'string' ? { subject: about } : {}),
      ...(happened === undefined ? {} : { time: happened }),
    };
  };
  return {
    definition,
    read(request) {
      const use: FuelUse = { steps: 0, bytes: 0 };
      return readMessages(request, { format, declaration, maximumKeys }).map((message) => {
        // What is kept says the same to a replay.
        const delivery = { headers: keptHeaders(request.headers, declaration), body: message.value };
        const { body, exact } = message;
        const seen = { delivery, use };
        const verified = { connector: source, delivery, deliveryId: idOf(message, seen), body, exact, unverified: false };
        const event = eventOf(message, seen);
        if (use.steps > mostStepsOfRequest) throw tooManySteps();
        return { verified, event };
      });
    },
  };
}

function readerOf({ cel }: ReceiverExpression): Reader {
  const expression = compileExpression(cel, { roots: ['headers', 'body'], limits: { steps: mostSteps } });
  return ({ delivery: { headers, body }, use }) => expression.evaluate({ headers, body }, use);
}

/** An id as an expression or a format says it, checked as one that a service says. */
const soundId = (value: Json): string =>
  deliveryIdOf({ headers: {}, body: { id: typeof value === 'number' ? String(value) : value } }, { bodyField: 'id' });

function tooManySteps(): PatchbayError {
  return new PatchbayError({
    code: 'fuel_exhausted',
    message: `The expressions of the receiver took more than ${mostStepsOfRequest} steps for one request. Make them or its batches smaller.`,
  });
}

function millisOf(value: Json): number {
  const millis = typeof value === 'string' ? timeOf(value) : value;
  if (typeof millis === 'number') return millis;
  throw new PatchbayError({
    code: 'invalid_event',
    message: 'The time of the delivery is neither of RFC 3339 nor milliseconds since 1970.',
  });
}
