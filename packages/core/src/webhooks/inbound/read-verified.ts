import type { WebhookAnswer } from '../../connector/webhook-declaration.ts';
import type { AskConnector } from './ask-connector.ts';
import type { VerifiedDelivery } from './event-of-delivery.ts';
import type { WebhookDoor } from './open-door.ts';
import { deliveryIdOf, readDelivery } from './read-delivery.ts';
import { challengeAnswer } from './sound-answer.ts';

/** A verified request, read: a challenge with its answer, or a delivery. */
export type ReadRequest =
  | { readonly challenge: WebhookAnswer }
  | { readonly verified: VerifiedDelivery; readonly account: string | undefined };

/** Reads a request whose signature has been found good. Throws `body_invalid`, and `internal` for what a connector's code throws. */
export async function readVerified(askConnector: AskConnector, { connector, declaration, request }: WebhookDoor): Promise<ReadRequest> {
  const { delivery, body, exact } = readDelivery(request, declaration);
  const { handshake, accountOf } = declaration;
  const challenge =
    handshake && challengeAnswer(connector.id, await askConnector(connector.id, () => handshake.call(declaration, delivery)));
  if (challenge) return { challenge };
  const deliveryId = deliveryIdOf(delivery, declaration.deliveryId);
  const account = accountOf && (await askConnector(connector.id, () => accountOf.call(declaration, delivery)));
  const unverified = declaration.dangerouslyUnverified !== undefined;
  return { verified: { connector, delivery, deliveryId, body, exact, unverified }, account };
}
