import { createHash } from 'node:crypto';
import { dayMs } from '../../clock/day-of.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import { type ErrorRecord, toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import type { DeliveryPlace } from './delivery-place.ts';
import type { DoorAnswer } from './door/door-answer.ts';
import { keptHeaders } from './kept-headers.ts';
import { mayPass } from './may-pass.ts';
import { mostKept } from './most-kept.ts';
import { type BodyDeclaration, deliveryIdOf, readDelivery } from './read-delivery.ts';
import type { ReceiveOptions } from './receive-options.ts';
import type { SignedRequest } from './signatures/signed-request.ts';
import { acceptedAnswer } from './sound-answer.ts';

/** What keeping a delivery needs. */
export type KeepOptions = Pick<ReceiveOptions, 'cache' | 'receipts' | 'receiptDays' | 'clock' | 'generateId' | 'notify' | 'counts'>;

/** A verified request, and whose it is. */
export interface VerifiedRequest {
  readonly place: Pick<DeliveryPlace, 'tenant' | 'registration' | 'connection' | 'admit'>;
  /** `null`: a receiver of the tenant's. */
  readonly connector: string | null;
  readonly request: Pick<SignedRequest, 'headers' | 'body'>;
  readonly declaration: BodyDeclaration & Pick<WebhookDeclaration, 'dangerouslyUnverified' | 'deliveryId' | 'accepted'>;
}

/** Thrown where a tenant has no room: the service is asked to send again. */
export class NoRoomError extends PatchbayError {
  constructor({ code, message }: ErrorRecord) {
    super({
      code: 'overloaded',
      message: `The tenant keeps ${mostKept.receipts} deliveries, or ${mostKept.bytes} bytes of them, that could not become events: replay or discard some. This one is left to the service: ${code}, ${message}`,
      retryable: true,
    });
  }
}

/**
 * Does the work of a verified delivery, and answers as it does. Where it fails for good the delivery is kept, and the service told that we have it: it
 * could send again what it likes. What may pass is thrown, and so is a refusal. Throws `overloaded` where the tenant has no room.
 */
export async function orKeep(options: KeepOptions, verified: VerifiedRequest, work: () => Promise<DoorAnswer>): Promise<DoorAnswer> {
  try {
    return await work();
  } catch (error) {
    // What nobody has signed would fill the room of the tenant.
    if (verified.declaration.dangerouslyUnverified !== undefined || !isOurs(error)) throw error;
    await keepDelivery(options, verified, toErrorRecord(error));
    return acceptedAnswer(verified.declaration.accepted);
  }
}

/** True for a failure that the same delivery meets again. Of a connector that does not answer in time nobody knows; but few services send again. */
export function isOurs(error: unknown): boolean {
  if (!isPatchbayError(error) || error.code === 'signature_refused') return false;
  return error.code === 'timeout' || !mayPass(error);
}

async function keepDelivery(options: KeepOptions, verified: VerifiedRequest, error: ErrorRecord): Promise<void> {
  const { cache, receipts, receiptDays, clock, generateId, notify, counts } = options;
  const { place, connector, request, declaration } = verified;
  const { tenant, registration, connection } = place;
  const deliveryId = usableDeliveryId(verified);
  await requireCurrent(cache, place);
  const id = generateId();
  const verdict = await receipts.keep({
    ...{ tenant, id, connector, registration, connection, deliveryId, most: mostKept },
    guard: guardOf(verified, deliveryId),
    error: { code: error.code, message: error.message },
    headers: keptHeaders(request.headers, declaration),
    body: { codec: 'plain', bytes: bodyToKeep(verified) },
    receivedAt: clock.now(),
    forMs: (await receiptDays(tenant)) * dayMs,
  });
  if (verdict.status === 'full') throw new NoRoomError(error);
  if (verdict.id !== id) return counts.count('duplicate', place);
  const at = clock.now();
  counts.count('kept', place);
  counts.note('failed', place, { at, code: error.code, reason: null });
  const connectorId = connection === null ? 'receiver' : connector;
  notify('webhook.failed', { tenant, registrationId: registration, connectorId, error, reason: null, attempt: 1, at });
  notify('webhook.kept', { tenant, registrationId: registration, connectionId: connection, receiptId: id, code: error.code, at });
}

/** No commit has compared revisions: the secret may have been revoked elsewhere, and a replay looks at none. */
async function requireCurrent(cache: KeepOptions['cache'], { tenant, admit }: VerifiedRequest['place']): Promise<void> {
  try {
    await admit((await cache.current(tenant)).revision);
  } catch (error) {
    // A configuration that cannot be read for good is what it is kept for.
    if (!isOurs(error)) throw error;
  }
}

/** The delivery's id, where it has one that can be read: of a body that is no JSON the headers may still tell. */
function usableDeliveryId({ request, declaration }: VerifiedRequest): string | null {
  for (const read of [() => readDelivery(request, declaration).delivery, () => ({ headers: request.headers, body: null })]) {
    try {
      return deliveryIdOf(read(), declaration.deliveryId);
    } catch {
      // The next one may be read.
    }
  }
  return null;
}

/** The bytes that came, without a secret that was in them: one that cannot be read has been checked by none that stands in a body. */
function bodyToKeep({ request, declaration }: VerifiedRequest): Uint8Array {
  try {
    return readDelivery(request, declaration).body;
  } catch {
    return request.body;
  }
}

/** Without an id the body says which delivery it is. */
function guardOf({ place, request }: VerifiedRequest, deliveryId: string | null): string {
  const hash = createHash('sha256').update(`${place.registration}\u0000${place.connection ?? ''}\u0000${deliveryId ?? ''}\u0000`);
  return (deliveryId === null ? hash.update(request.body) : hash).digest('base64url');
}
