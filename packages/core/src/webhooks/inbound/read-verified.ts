import type { Connector } from '../../connector/connector-definition.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { confirmSubscription } from './confirm-subscription.ts';
import { type DoorAnswer, inertHeaders } from './door/door-answer.ts';
import type { VerifiedDelivery } from './event-of-delivery.ts';
import type { WebhookDoor } from './open-door.ts';
import { deliveryIdOf, readDelivery } from './read-delivery.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { acceptedAnswer, challengeAnswer } from './sound-answer.ts';

/** A verified request, read: a challenge with its answer, or a delivery. */
export type ReadRequest =
  | { readonly challenge: DoorAnswer }
  | { readonly verified: VerifiedDelivery & { readonly connector: Connector }; readonly account: string | undefined };

/** What reading needs. */
export type ReadOptions = Pick<ReceiveOptions, 'askConnector' | 'network' | 'door'>;

/** A request whose signature has been found good, and who is to read it. */
export interface ReadableRequest extends Pick<WebhookDoor, 'connector' | 'declaration'> {
  readonly request: Pick<WebhookDoor['request'], 'headers' | 'body'>;
}

/** Reads a request whose signature has been found good. Throws `body_invalid`, and `internal` for what a connector's code throws. */
export async function readVerified(options: ReadOptions, { connector, declaration, request }: ReadableRequest): Promise<ReadRequest> {
  const { askConnector, network, door } = options;
  const { delivery, body, exact } = readDelivery(request, declaration, door.maximumKeys);
  const { handshake, accountOf, confirmation } = declaration;
  const challenge =
    handshake &&
    (await askConnector(connector.id, () => handshake.call(declaration, delivery))
      .then((answer) => challengeAnswer(connector.id, answer))
      .catch(unanswered));
  if (challenge) return { challenge: { ...challenge, headers: inertHeaders } };
  if (confirmation && (await confirmSubscription(network, confirmation, delivery.body)))
    return { challenge: acceptedAnswer(declaration.accepted) };
  const deliveryId = deliveryIdOf(delivery, declaration.deliveryId);
  const account = accountOf && (await askConnector(connector.id, () => accountOf.call(declaration, delivery)));
  const unverified = declaration.dangerouslyUnverified !== undefined;
  return { verified: { connector, delivery, deliveryId, body, exact, unverified }, account };
}

/** A question that nobody has answered is no delivery to be kept: the service asks again, or the person who sets it up there sees that it failed. */
function unanswered(error: unknown): never {
  const { code, message } = toErrorRecord(error);
  throw new PatchbayError({ code: code === 'timeout' ? 'overloaded' : 'internal', message, retryable: true, cause: error });
}
