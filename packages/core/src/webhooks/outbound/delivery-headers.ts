import type { DeliveryBody } from './delivery-body.ts';

/** What the headers of a delivery say. */
export interface DeliveryHeadersInput {
  /** `webhook-id`: the event's id, on every attempt, redelivery and replay. */
  readonly id: string;
  /** Whole seconds since 1970 of this attempt. */
  readonly timestamp: number;
  readonly signature: string;
  readonly body: DeliveryBody;
  readonly userAgent: string;
  /** Of the allow list; they cannot be any of these. */
  readonly custom: Readonly<Record<string, string>>;
}

/** The headers of a delivery, and those among them that may be logged: all but the signature. */
export function deliveryHeaders(input: DeliveryHeadersInput): {
  readonly sent: string[];
  readonly logged: Readonly<Record<string, string>>;
} {
  const { id, timestamp, signature, body, userAgent, custom } = input;
  const logged = {
    ...custom,
    'content-type': body.contentType,
    'user-agent': userAgent,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
  };
  return { sent: [...Object.entries(logged).flat(), 'webhook-signature', signature], logged };
}
