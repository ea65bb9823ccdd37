import type { Connector, SignatureScheme } from '@patchbay/core';
import { type ConnectorHarness, createConnectorHarness } from '@patchbay/core/connector-kit';
import { fakeClock } from '../clock/fake-clock.ts';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { ConnectorSubject, DeliveryCase } from './connector-subject.ts';
import type { RawDelivery } from './tampering.ts';
import { type SuiteSecret, suiteSecret } from './webhook-signing.ts';

/** The connector behind the hub's webhook checks, with a clock that stands still. Nothing is sent, so it needs no stand-in. */
export interface WebhookDoor {
  readonly connector: Connector;
  readonly harness: ConnectorHarness;
  /** Seconds since 1970. */
  readonly now: number;
  /** The URL that the service calls. */
  readonly url: string;
  readonly secret: SuiteSecret;
  /** One that is not registered. */
  readonly another: SuiteSecret;
  /** A delivery signed with the secret, `offset` seconds from now. */
  make(delivery: DeliveryCase, offset?: number): RawDelivery;
}

/** Opens a door. There is nothing to close: it sends nothing. */
export function openDoor<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): WebhookDoor {
  const connector = subject.create('https://api.example.com');
  const clock = fakeClock();
  const { settings = {}, configuration = {}, flags = {}, credential } = subject;
  const harness = createConnectorHarness({ connector, credential, settings, configuration, flags, clock });
  const scheme: SignatureScheme | undefined = connector.definition.webhook?.scheme;
  const secret = suiteSecret(scheme, 'a secret of the suite');
  const now = Math.floor(clock.now() / 1000);
  const url = `https://hub.example/webhooks/${connector.id}/registration`;
  return {
    connector,
    harness,
    now,
    url,
    secret,
    another: suiteSecret(scheme, 'another secret of it'),
    make: (delivery, offset = 0) => rawOf(delivery, { secret: secret.signing, timestamp: now + offset, url }),
  };
}

/** A case's delivery in bytes. */
export function rawOf(delivery: DeliveryCase, signing: Parameters<DeliveryCase['make']>[0]): RawDelivery {
  const { headers, body } = delivery.make(signing);
  return { headers, body: Buffer.from(body, 'utf8') };
}
