import type { Connector } from '../../connector/connector-definition.ts';
import type { SignatureScheme } from '../../connector/signature-scheme.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import { isUuid } from '../../id/is-uuid.ts';
import type { InboundRequest } from './inbound-request.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { refused } from './refused.ts';
import type { PresentedSignature } from './signatures/presented-signature.ts';
import type { SignedRequest } from './signatures/signed-request.ts';
import { unsigned } from './signatures/unsigned.ts';
import { presentedSignature } from './verify-signature.ts';

/** A request with all that is known of it before any secret is looked at. */
export interface WebhookDoor {
  readonly request: SignedRequest;
  readonly connector: Connector;
  readonly declaration: WebhookDeclaration;
  /** `undefined` where deliveries are taken in that nobody has signed. */
  readonly scheme: SignatureScheme | undefined;
  readonly presented: PresentedSignature;
}

/** What opening the door needs. */
export type DoorOptions = Pick<ReceiveOptions, 'registry' | 'clock' | 'appKeys' | 'publicUrl' | 'certificates'>;

/**
 * Finds the connector of a request and the signature that it presents, and only then reads its body. Throws the one refusal where path and
 * headers are enough to know that no signature could be right: neither the body is read nor the store asked. Whether a registration exists is
 * not looked at here, because an answer before the body would tell it.
 */
export async function openDoor(options: DoorOptions, request: InboundRequest): Promise<WebhookDoor> {
  const { registration } = request;
  const connector = options.registry.find(request.connector);
  const declaration = connector?.definition.webhook;
  if (!connector || !declaration || (registration !== null && !isUuid(registration))) throw refused('unknown_url');
  const head = { method: request.method, url: `${options.publicUrl}${request.target}`, headers: request.headers };
  const scheme = schemeFor(declaration, registration);
  const world = { now: options.clock.now(), certificates: options.certificates };
  const presented = scheme === undefined ? unsignedFor(declaration) : presentedSignature(head, scheme, world);
  if (!presented) throw refused('signature_missing');
  if (registration === null) checkApp(options, connector, declaration);
  return { request: { ...head, body: await request.readBody() }, connector, declaration, scheme, presented };
}

/** The scheme of the URL that was called: that of the app may have its own. */
function schemeFor({ appScheme, scheme }: WebhookDeclaration, registration: string | null): SignatureScheme | undefined {
  return registration === null ? (appScheme ?? scheme) : scheme;
}

/** Asked again what the definition was checked for: without a reason, unsigned is refused. */
function unsignedFor({ dangerouslyUnverified }: WebhookDeclaration): PresentedSignature | undefined {
  return dangerouslyUnverified === undefined ? undefined : unsigned;
}

function checkApp({ appKeys }: DoorOptions, connector: Connector, { accountOf }: WebhookDeclaration): void {
  if (!accountOf) throw refused('unknown_url');
  if (appKeys.of(connector.id).length === 0) throw refused('secret_missing');
}
