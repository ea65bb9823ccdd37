import type { Connector } from '../../connector/connector-definition.ts';
import type { WebhookAnswer } from '../../connector/webhook-declaration.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { AskConnector } from './ask-connector.ts';
import type { VerifiedDelivery } from './event-of-delivery.ts';
import type { WebhookDoor } from './open-door.ts';
import { deliveryIdOf, readDelivery } from './read-delivery.ts';
import { challengeAnswer } from './sound-answer.ts';

/** A verified request, read: a challenge with its answer, or a delivery. */
export type ReadRequest =
  | { readonly challenge: WebhookAnswer }
  | { readonly verified: VerifiedDelivery & { readonly connector: Connector }; readonly account: string | undefined };

/** A request whose signature has been found good, and who is to read it. */
export interface ReadableRequest extends Pick<WebhookDoor, 'connector' | 'declaration'> {
  readonly request: Pick<WebhookDoor['request'], 'headers' | 'body'>;
}

/** Reads a request whose signature has been found good. Throws `body_invalid`, and `internal` for what a connector's code throws. */
export async function readVerified(askConnector: AskConnector, { connector, declaration, request }: ReadableRequest): Promise<ReadRequest> {
  const { delivery, body, exact } = readDelivery(request, declaration);
  const { handshake, accountOf } = declaration;
  const challenge =
    handshake &&
    (await askConnector(connector.id, () => handshake.call(declaration, delivery))
      .then((answer) => challengeAnswer(connector.id, answer))
      .catch(unanswered));
  if (challenge) return { challenge };
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
