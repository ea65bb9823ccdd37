import { hubScope } from '../../contracts/configuration-store.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { isUuid } from '../../id/is-uuid.ts';
import type { RefusalReason } from '../../notices/webhook-notices.ts';
import { answerChallenge } from './answer-challenge.ts';
import type { DeliveryCount } from './count-deliveries.ts';
import type { DoorAnswer } from './door/door-answer.ts';
import { ContentTypeError, MethodError, TooManyRequestsError } from './door/door-errors.ts';
import type { InboundRequest } from './inbound-request.ts';
import { openDoor, type WebhookDoor } from './open-door.ts';
import { receiveForApp } from './receive-for-app.ts';
import { receiveForRegistration } from './receive-for-registration.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { receiveForReceiver, receiverRegistration } from './receivers/receive-for-receiver.ts';
import { RefusedError } from './refused.ts';

/**
 * Takes a webhook in: finds the registration, checks the signature over the raw bytes, publishes its events and answers what the provider
 * wants, after the commit. Throws `signature_refused`, `body_invalid`, `invalid_event`, `overloaded`, `not_ready`.
 */
export async function receiveWebhook(options: ReceiveOptions, request: InboundRequest): Promise<DoorAnswer> {
  let door: WebhookDoor | undefined;
  try {
    if (request.receiver !== undefined) return await receiveForReceiver(options, request, request.receiver);
    const answer = await answerChallenge(options, request);
    if (answer) return answer;
    door = await openDoor(options, request);
    if (request.registration === null) return await receiveForApp(options, door);
    return await receiveForRegistration(options, door, request.registration);
  } catch (error) {
    const record = toErrorRecord(error);
    // A fault of how the hub is mounted, not of a delivery: it is logged where it is answered.
    if (record.code === 'body_consumed' || error instanceof MethodError) throw error;
    if (countOf(record.code) === 'failed') door?.pass.release();
    // Counted under the connector: a registration's id in the URL may be anybody's invention.
    const { receiver } = request;
    const connector = receiver === undefined ? (options.registry.find(request.connector)?.id ?? 'unknown') : 'receiver';
    options.counts.count(countOf(record.code), { tenant: hubScope, registration: connector });
    // A stranger can cause these for nothing, and a notice for each would be a flood of them.
    if (error instanceof TooManyRequestsError || error instanceof ContentTypeError) throw error;
    const registration = receiver === undefined ? request.registration : receiverRegistration(receiver);
    const registrationId = registration ?? `app:${request.connector}`;
    const reason = error instanceof RefusedError ? error.reason : null;
    const tenant = door || reason !== 'address_refused' ? await tenantOf(options, request, reason) : null;
    const at = options.clock.now();
    // Somebody's, as the store says, and no invention.
    if (tenant !== null && registration !== null) {
      const place = { tenant, registration };
      options.counts.count(countOf(record.code), place);
      options.counts.note('failed', place, { at, code: record.code, reason });
    }
    options.notify('webhook.failed', {
      tenant,
      registrationId: registrationId.slice(0, 100),
      connectorId: connector === 'unknown' ? null : connector,
      error: record,
      reason,
      attempt: 1,
      at,
    });
    throw error;
  }
}

/** Whose registration it is, where it is anybody's. For a request without a signature the store is not asked: anybody can send those. */
async function tenantOf(
  options: ReceiveOptions,
  { receiver, registration }: InboundRequest,
  reason: RefusalReason | null,
): Promise<string | null> {
  if (receiver !== undefined && reason !== 'unknown_url' && isUuid(receiver)) return options.locateReceiver(receiver).catch(() => null);
  if (registration === null || reason === 'unknown_url' || reason === 'signature_missing' || !isUuid(registration)) return null;
  return options.locateTenant(registration).catch(() => null);
}

/** What could not be taken in for our own sake is not counted as the sender's fault. */
function countOf(code: string): DeliveryCount {
  switch (code) {
    case 'signature_refused':
      return 'refused';
    case 'rate_limited':
      return 'limited';
    case 'body_invalid':
    case 'body_too_large':
    case 'invalid_event':
    case 'unknown_trigger':
      return 'invalid';
    default:
      return 'failed';
  }
}
