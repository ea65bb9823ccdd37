import { z } from 'zod';
import type { SignatureScheme } from '../../../connector/signature-scheme.ts';
import type { DeliveryId, WebhookAnswer } from '../../../connector/webhook-declaration.ts';
import { parseAddressRange } from '../../../net/address-range.ts';

/** CEL over `headers` (lower-case names) and `body`: `{ cel: "body.order.id" }`. */
export interface ReceiverExpression {
  readonly cel: string;
}

/**
 * How bodies are read. `json`: any JSON, read as the definition says. `cloudevents`: CloudEvents 1.0, binary, structured or in batches.
 * `standard-webhooks`: `{ type, timestamp, data }` with the id in `webhook-id`.
 */
export type ReceiverFormat = 'json' | 'cloudevents' | 'standard-webhooks';

/** Where an id is that stays the same over repeats; `body`: the sender has none, and a delivery of the same bytes is the same delivery. */
export type ReceiverDeliveryId = DeliveryId | ReceiverExpression | 'body';

/** How a service without a connector sends its webhooks. Data only, and JSON. */
export interface ReceiverDefinition {
  /** How requests are signed; absent: `dangerouslyUnverified` says why not. */
  readonly scheme?: SignatureScheme;
  /** Why requests are taken that nobody has signed, 10 to 500 characters: whoever knows the URL can then make events. */
  readonly dangerouslyUnverified?: string;
  /** @default 'json' */
  readonly format?: ReceiverFormat;
  /**
   * What stands behind `hook.{name}.` in the type of the event: the same for all, or an expression. @default what the format says; 'received' for `json`
   */
  readonly eventType?: string | ReceiverExpression;
  /** @default what the format says; `json` has none */
  readonly deliveryId?: ReceiverDeliveryId;
  /** Text of 1 to 500 characters. @default what the format says */
  readonly subject?: ReceiverExpression;
  /** When it happened: RFC 3339, a timestamp, or milliseconds since 1970. @default what the format says, else when it came */
  readonly time?: ReceiverExpression;
  /** The event's data. @default the body; of a CloudEvent all of it, in its JSON format */
  readonly data?: ReceiverExpression;
  /**
   * Content types that are taken, such as `application/x-www-form-urlencoded`; `+json` is every `application/…+json`. @default 'application/json' and
   * '+json', and of CloudEvents all
   */
  readonly contentTypes?: readonly string[];
  /** Addresses, or ranges of them (`192.0.2.0/24`), that requests are taken from. @default all */
  readonly addresses?: readonly string[];
  /** What a delivery that was taken in is answered with. @default 202, empty */
  readonly answer?: WebhookAnswer;
}

const expression = z.strictObject({ cel: z.string().min(1).max(4_096) });
const headerName = z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the lower-case name of a header');
const segments = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, 'must be segments of letters, digits, hyphens and underscores, joined by dots');

/** The shape of a definition; its scheme is checked apart. */
export const receiverShape = z.strictObject({
  scheme: z.unknown().optional(),
  dangerouslyUnverified: z.string().trim().min(10).max(500).optional(),
  format: z.enum(['json', 'cloudevents', 'standard-webhooks']).optional(),
  eventType: z.union([segments, expression]).optional(),
  deliveryId: z
    .union([
      z.literal('body'),
      expression,
      z.strictObject({ header: headerName }),
      z.strictObject({ bodyField: z.string().min(1).max(200) }),
    ])
    .optional(),
  subject: expression.optional(),
  time: expression.optional(),
  data: expression.optional(),
  contentTypes: z
    .array(z.string().regex(/^(\+json|[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*)$/, 'must be a media type in lower case'))
    .min(1)
    .max(20)
    .optional(),
  addresses: z
    .array(z.string().refine((text) => parseAddressRange(text) !== undefined, 'must be an IP address or a range of them'))
    .min(1)
    .max(200)
    .optional(),
  answer: z
    .strictObject({
      status: z.int().min(200).max(299),
      contentType: z.string().regex(/^[\x20-\x7e]{1,200}$/),
      body: z.string().max(65_536),
    })
    .optional(),
});
