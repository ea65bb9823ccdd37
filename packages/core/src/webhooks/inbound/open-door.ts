import type { Connector } from '../../connector/connector-definition.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import { isUuid } from '../../id/is-uuid.ts';
import type { InboundRequest } from './inbound-request.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { refused } from './refused.ts';
import { type PresentedSignature, presentedSignature, type SignedRequest } from './verify-signature.ts';

/** A request with all that is known of it before any secret is looked at. */
export interface WebhookDoor {
  readonly request: SignedRequest;
  readonly connector: Connector;
  readonly declaration: WebhookDeclaration;
  readonly presented: PresentedSignature;
}

/** What opening the door needs. */
export type DoorOptions = Pick<ReceiveOptions, 'registry' | 'clock' | 'appKeys'>;

/**
 * Finds the connector of a request and the signature that it presents, and only then reads its body. Throws the one refusal where path and
 * headers are enough to know that no signature could be right: neither the body is read nor the store asked. Whether a registration exists is
 * not looked at here, because an answer before the body would tell it.
 */
export async function openDoor(options: DoorOptions, request: InboundRequest): Promise<WebhookDoor> {
  const { headers, registration } = request;
  const connector = options.registry.find(request.connector);
  const declaration = connector?.definition.webhook;
  if (!connector || !declaration || (registration !== null && !isUuid(registration))) throw refused('unknown_url');
  const presented = presentedSignature(headers, declaration.scheme, options.clock.now());
  if (!presented) throw refused('signature_missing');
  if (registration === null) checkApp(options, connector, declaration);
  return { request: { headers, body: await request.readBody() }, connector, declaration, presented };
}

function checkApp({ appKeys }: DoorOptions, connector: Connector, { accountOf }: WebhookDeclaration): void {
  if (!accountOf) throw refused('unknown_url');
  if ((appKeys.get(connector.id) ?? []).length === 0) throw refused('secret_missing');
}
