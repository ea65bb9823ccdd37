import type { KeyObject } from 'node:crypto';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import type { WebhookAnswer, WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import { hubScope } from '../../contracts/configuration-store.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isUuid } from '../../id/is-uuid.ts';
import { eventsOf, publishDelivery, type VerifiedDelivery } from './publish-delivery.ts';
import { deliveryIdOf, readDelivery } from './read-delivery.ts';
import type { ReceiveOptions } from './receive-options.ts';
import { type SignedRequest, verifySignature } from './verify-signature.ts';

/** A webhook request as it came, with where it was sent to. */
export interface InboundRequest extends SignedRequest {
  readonly connector: string;
  /** `null`: the URL of the app. */
  readonly registration: string | null;
}

/** Milliseconds between two looks whether a refusal is due to an outdated cache: a stranger must not make us ask the store each time. */
const lookAgainAfter = 1_000;

const accepted: WebhookAnswer = { status: 202, contentType: 'text/plain', body: '' };

/** The one refusal: the same for an unknown URL, a missing secret, a missing signature and a wrong one. */
function refused(): PatchbayError {
  return new PatchbayError({ code: 'signature_refused', message: 'The request is refused.' });
}

/**
 * Takes a webhook in: finds the registration, checks the signature over the raw bytes, publishes its events and answers what the provider
 * wants, after the commit. Throws `signature_refused`, `body_invalid`, `invalid_event`, `overloaded`.
 */
export async function receiveWebhook(options: ReceiveOptions, request: InboundRequest): Promise<WebhookAnswer> {
  try {
    const connector = options.registry.find(request.connector);
    const declaration = connector?.definition.webhook;
    if (!connector || !declaration) throw refused();
    if (request.registration === null) return await receiveForApp(options, request, connector, declaration);
    return await receiveForRegistration(options, request, request.registration, connector, declaration);
  } catch (error) {
    const record = toErrorRecord(error);
    // Counted under the connector: a registration's id in the URL may be anybody's invention.
    const connector = options.registry.find(request.connector)?.id ?? 'unknown';
    options.counts.count(record.code === 'signature_refused' ? 'refused' : 'invalid', { tenant: hubScope, registration: connector });
    const registrationId = request.registration ?? `app:${request.connector}`;
    options.notify('webhook.failed', { registrationId: registrationId.slice(0, 100), error: record, attempt: 1, at: options.clock.now() });
    throw error;
  }
}

async function receiveForRegistration(
  options: ReceiveOptions,
  request: InboundRequest,
  id: string,
  connector: Connector,
  declaration: WebhookDeclaration,
): Promise<WebhookAnswer> {
  const { cache } = options;
  const tenant = isUuid(id) ? await options.locateTenant(id) : null;
  if (tenant === null) throw refused();
  let row: Row<'registration'> | undefined = registrationIn(cache.peek(tenant) ?? (await cache.read(tenant)), id, connector);
  if (!(await isSigned(options, request, declaration, row, tenant))) {
    // A registration or secret put in another process a moment ago: look once more before refusing.
    if (!(await cache.refresh(tenant, lookAgainAfter))) throw refused();
    row = registrationIn(await cache.read(tenant), id, connector);
    if (!(await isSigned(options, request, declaration, row, tenant))) throw refused();
  }
  if (!row) throw refused();
  const delivery = readDelivery(request, declaration);
  const challenge = declaration.handshake?.(delivery);
  if (challenge) return challenge;
  const verified: VerifiedDelivery = {
    connector,
    delivery,
    deliveryId: deliveryIdOf(delivery, declaration.deliveryId),
    body: request.body,
  };
  const { connection, triggers } = row.value;
  await publishDelivery(options, { tenant, registration: id, connection, triggers }, verified, await eventsOf(verified));
  return declaration.accepted ?? accepted;
}

async function receiveForApp(
  options: ReceiveOptions,
  request: InboundRequest,
  connector: Connector,
  declaration: WebhookDeclaration,
): Promise<WebhookAnswer> {
  const keys = options.appKeys.get(connector.id) ?? [];
  if (!declaration.accountOf || !verify(options, request, declaration, keys)) throw refused();
  const delivery = readDelivery(request, declaration);
  const challenge = declaration.handshake?.(delivery);
  if (challenge) return challenge;
  const registration = `app:${connector.id}`;
  const account = declaration.accountOf(delivery);
  const places = account === undefined ? [] : await options.store.locateAccount(connector.id, account);
  if (places.length === 0) {
    options.counts.count('unknown_account', { tenant: hubScope, registration });
    return declaration.accepted ?? accepted;
  }
  const verified: VerifiedDelivery = {
    connector,
    delivery,
    deliveryId: deliveryIdOf(delivery, declaration.deliveryId),
    body: request.body,
  };
  const events = await eventsOf(verified);
  await Promise.all(
    places.map(({ tenant, connection }) =>
      publishDelivery(options, { tenant, registration, connection, triggers: null }, verified, events),
    ),
  );
  return declaration.accepted ?? accepted;
}

function registrationIn(configuration: TenantConfiguration, id: string, connector: Connector): Row<'registration'> | undefined {
  const row = configuration.registration(id);
  if (row?.value.connector !== connector.id) return undefined;
  return configuration.connection(row.value.connection)?.value.status === 'active' ? row : undefined;
}

async function isSigned(
  options: ReceiveOptions,
  request: SignedRequest,
  declaration: WebhookDeclaration,
  row: Row<'registration'> | undefined,
  tenant: string,
): Promise<boolean> {
  return row !== undefined && verify(options, request, declaration, await options.keys.of(tenant, row));
}

function verify(options: ReceiveOptions, request: SignedRequest, declaration: WebhookDeclaration, keys: readonly KeyObject[]): boolean {
  return verifySignature(request, { scheme: declaration.scheme, keys, now: options.clock.now() });
}
