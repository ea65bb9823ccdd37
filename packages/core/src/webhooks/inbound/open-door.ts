import type { Connector } from '../../connector/connector-definition.ts';
import type { SignatureScheme } from '../../connector/signature-scheme.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import { isUuid } from '../../id/is-uuid.ts';
import { bodyKindOf } from './door/body-kind.ts';
import { comesFrom } from './door/comes-from.ts';
import { ContentTypeError } from './door/door-errors.ts';
import type { DoorPass } from './door/door-limits.ts';
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
  /** Where the request comes from. */
  readonly address: Uint8Array | null;
  readonly pass: DoorPass;
  /** Whose secret is to have signed it: the registration's, or the app's, for what the provider's API has made. */
  readonly signedBy: 'registration' | 'app';
}

/** What opening the door needs. */
export type DoorOptions = Pick<ReceiveOptions, 'registry' | 'clock' | 'appKeys' | 'publicUrl' | 'certificates' | 'door'>;

/**
 * Looks in turn at a request's route, content type, rate and address, at the signature that it presents, and only then reads its body. Throws
 * where path and headers are enough to know that it is not taken: neither the body is read nor the store asked. Whether a registration exists
 * is not looked at here, because an answer before the body would tell it.
 */
export async function openDoor(options: DoorOptions, request: InboundRequest): Promise<WebhookDoor> {
  const { headers, registration, address } = request;
  const { door } = options;
  const connector = connectorAt(options, request);
  const declaration = connector?.definition.webhook;
  if (bodyKindOf(headers['content-type'], declaration?.contentTypes) === undefined) throw new ContentTypeError();
  const pass = door.limits.enter({ url: `${request.connector}/${registration ?? ''}`, address });
  if (!connector || !declaration || (registration !== null && !isUuid(registration))) throw refused('unknown_url');
  const ranges = door.addresses.get(connector.id);
  if (ranges && !comesFrom(address, ranges)) throw refused('address_refused');
  const head = { method: request.method, url: `${options.publicUrl}${request.target}`, headers };
  const presented = presentedAt({ declaration, registration }, (scheme) => presentedSignature(head, scheme, worldOf(options)));
  if (!presented) throw refused('signature_missing');
  if (registration === null) checkApp(options, connector, declaration);
  const body = await request.readBody();
  return { request: { ...head, body }, connector, declaration, ...presented, address, pass };
}

/**
 * The same request as the connector of another major takes it: what goes through a connection goes by the major that it is pinned to, and which that is
 * the store alone knows. `undefined` where the request presents nothing that this one asks for.
 */
export function doorOf(options: DoorOptions, door: WebhookDoor, { connector, registration }: PinnedDoor): WebhookDoor | undefined {
  const declaration = connector.definition.webhook;
  if (connector === door.connector || !declaration) return declaration && door;
  const { method, url, headers } = door.request;
  const presented = presentedAt({ declaration, registration }, (scheme) =>
    presentedSignature({ method, url, headers }, scheme, worldOf(options)),
  );
  return presented && { ...door, connector, declaration, ...presented };
}

/** The connector that a connection is pinned to, and the URL that was called. */
export interface PinnedDoor {
  readonly connector: Connector;
  readonly registration: string | null;
}

const worldOf = ({ clock, certificates }: DoorOptions) => ({ now: clock.now(), certificates });

/** The newest major, and for the URL of a registration the newest whose signature the request presents. */
function connectorAt({ registry, clock, certificates, publicUrl }: DoorOptions, request: InboundRequest): Connector | undefined {
  const { headers, method, registration, target } = request;
  const [newest, ...others] = registry.findAll(request.connector);
  if (registration === null || others.length === 0) return newest;
  const head = { method, url: `${publicUrl}${target}`, headers };
  const presents = ({ definition: { webhook: declaration } }: Connector): boolean =>
    declaration !== undefined &&
    presentedAt({ declaration, registration }, (scheme) => presentedSignature(head, scheme, { now: clock.now(), certificates })) !==
      undefined;
  return [newest, ...others].find((connector) => connector !== undefined && presents(connector)) ?? newest;
}

/** What a request presents, by which scheme, and whose secret is to have made it. What the provider's API has registered may be signed as the app is. */
function presentedAt(
  { declaration, registration }: { readonly declaration: WebhookDeclaration; readonly registration: string | null },
  present: (scheme: SignatureScheme) => PresentedSignature | undefined,
): Pick<WebhookDoor, 'scheme' | 'presented' | 'signedBy'> | undefined {
  const scheme = schemeFor(declaration, registration);
  const own = scheme === undefined ? unsignedFor(declaration) : present(scheme);
  if (own) return { scheme, presented: own, signedBy: registration === null ? 'app' : 'registration' };
  const { appScheme, subscriptions } = declaration;
  if (registration === null || subscriptions?.signedBy !== 'app' || appScheme === undefined) return undefined;
  const presented = present(appScheme);
  return presented && { scheme: appScheme, presented, signedBy: 'app' };
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
