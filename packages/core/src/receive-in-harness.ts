import type { Clock } from './clock/clock.ts';
import type { Connector } from './connector/connector-definition.ts';
import { parseWith } from './connector/parse-with.ts';
import type { ConnectorEvent, WebhookAnswer, WebhookDeclaration } from './connector/webhook-declaration.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { Network } from './net/create-network.ts';
import { createAskConnector } from './webhooks/inbound/ask-connector.ts';
import { eventsOf } from './webhooks/inbound/publish-delivery.ts';
import { deliveryIdOf, readDelivery } from './webhooks/inbound/read-delivery.ts';
import { createSnsCertificates } from './webhooks/inbound/signatures/sns-certificates.ts';
import { verificationKey } from './webhooks/inbound/signatures/verification-key.ts';
import { verifySignature } from './webhooks/inbound/verify-signature.ts';

/** A webhook request for a harness. */
export interface HarnessRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly secrets: readonly string[];
  /** @default POST */
  readonly method?: string;
  /** The whole URL that was called, for schemes that sign it. @default https://hub.example/webhooks/{connector}/registration */
  readonly url?: string;
  /** Which of the connector's two URLs was called: that of the app may have a scheme of its own. @default registration */
  readonly to?: 'registration' | 'app';
}

/** What a verified delivery came to. */
export interface ReceivedDelivery {
  /** The answer to the provider: of a challenge, or the one after the commit. */
  readonly answer: WebhookAnswer;
  /** True where it was a challenge; it has no events. */
  readonly challenge: boolean;
  readonly deliveryId: string | undefined;
  /** The account it is for, where the connector has one URL per app. */
  readonly account: string | undefined;
  readonly events: readonly ConnectorEvent[];
}

interface Receiving extends HarnessRequest {
  readonly connector: Connector;
  readonly clock: Clock;
  readonly network: Pick<Network, 'request'>;
}

const accepted: WebhookAnswer = { status: 202, contentType: 'text/plain', body: '' };

/** Takes a request in as the webhook routes do, up to the commit. Throws `signature_refused`, `body_invalid`, `invalid_event`. */
export async function receiveInHarness(receiving: Receiving): Promise<ReceivedDelivery> {
  const { connector, clock, headers, body } = receiving;
  const declaration = connector.definition.webhook;
  if (!declaration || !(await isLetIn(receiving, declaration))) {
    throw new PatchbayError({ code: 'signature_refused', message: 'The request is refused.' });
  }
  const { delivery } = readDelivery({ headers, body }, declaration);
  const challenge = declaration.handshake?.(delivery);
  if (challenge) return { answer: challenge, challenge: true, deliveryId: undefined, account: undefined, events: [] };
  const account = declaration.accountOf?.(delivery);
  const deliveryId = deliveryIdOf(delivery, declaration.deliveryId);
  const events = await eventsOf(createAskConnector(clock), { connector, delivery });
  for (const { trigger, data } of events) {
    const payload = connector.triggers[trigger]?.payload;
    const what = `A delivery of ${connector.id}.${trigger}`;
    if (payload)
      await parseWith(payload, data, { code: 'invalid_event', what, advice: 'The connector does not accept what the service sends.' });
  }
  return { answer: declaration.accepted ?? accepted, challenge: false, deliveryId, account, events };
}

function isLetIn(receiving: Receiving, { appScheme, dangerouslyUnverified, scheme }: WebhookDeclaration): boolean | Promise<boolean> {
  const { connector, clock, network, headers, body, secrets, method = 'POST', to = 'registration' } = receiving;
  const { url = `https://hub.example/webhooks/${connector.id}/registration` } = receiving;
  const own = to === 'app' ? (appScheme ?? scheme) : scheme;
  if (!own) return dangerouslyUnverified !== undefined;
  const keys = secrets.map((secret) => verificationKey(secret, own));
  const certificates = createSnsCertificates({ network, clock });
  return verifySignature({ method, url, headers, body }, { scheme: own, keys, now: clock.now(), certificates });
}
