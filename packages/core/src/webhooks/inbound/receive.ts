import type { WebhookAnswer } from '../../connector/webhook-declaration.ts';
import { hubScope } from '../../contracts/configuration-store.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import type { DeliveryCount } from './count-deliveries.ts';
import { openDoor } from './open-door.ts';
import { receiveForApp } from './receive-for-app.ts';
import { receiveForRegistration } from './receive-for-registration.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { RefusedError } from './refused.ts';
import type { SignedRequest } from './verify-signature.ts';

/** A webhook request as it came, with where it was sent to. */
export interface InboundRequest extends SignedRequest {
  readonly connector: string;
  /** `null`: the URL of the app. */
  readonly registration: string | null;
}

/**
 * Takes a webhook in: finds the registration, checks the signature over the raw bytes, publishes its events and answers what the provider
 * wants, after the commit. Throws `signature_refused`, `body_invalid`, `invalid_event`, `overloaded`, `not_ready`.
 */
export async function receiveWebhook(options: ReceiveOptions, request: InboundRequest): Promise<WebhookAnswer> {
  try {
    const door = openDoor(options, request.connector, request);
    if (request.registration === null) return await receiveForApp(options, door);
    return await receiveForRegistration(options, door, request.registration);
  } catch (error) {
    const record = toErrorRecord(error);
    // Counted under the connector: a registration's id in the URL may be anybody's invention.
    const connector = options.registry.find(request.connector)?.id ?? 'unknown';
    options.counts.count(countOf(record.code), { tenant: hubScope, registration: connector });
    const registrationId = request.registration ?? `app:${request.connector}`;
    const reason = error instanceof RefusedError ? error.reason : null;
    options.notify('webhook.failed', {
      registrationId: registrationId.slice(0, 100),
      error: record,
      reason,
      attempt: 1,
      at: options.clock.now(),
    });
    throw error;
  }
}

/** What could not be taken in for our own sake is not counted as the sender's fault. */
function countOf(code: string): DeliveryCount {
  switch (code) {
    case 'signature_refused':
      return 'refused';
    case 'body_invalid':
    case 'invalid_event':
    case 'unknown_trigger':
      return 'invalid';
    default:
      return 'failed';
  }
}
