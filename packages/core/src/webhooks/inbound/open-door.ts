import type { Connector } from '../../connector/connector-definition.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
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

/** Finds the connector of a request and the signature that it presents. Throws the one refusal where either is missing: the store is not asked. */
export function openDoor(options: Pick<ReceiveOptions, 'registry' | 'clock'>, id: string, request: SignedRequest): WebhookDoor {
  const connector = options.registry.find(id);
  const declaration = connector?.definition.webhook;
  if (!connector || !declaration) throw refused('unknown_url');
  const presented = presentedSignature(request.headers, declaration.scheme, options.clock.now());
  if (!presented) throw refused('signature_missing');
  return { request, connector, declaration, presented };
}
