import type { Connector, Credential, Json } from '@patchbay/core';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { SignedDelivery } from '../providers/signed-delivery.ts';

/** One action and an input that the stand-in takes. */
export interface ActionCase<Provider extends FakeProvider> {
  readonly name: string;
  /** Prepares the stand-in where that is needed, and gives the input. Called once per test. */
  input(provider: Provider): Readonly<Record<string, Json>>;
  /** Inputs that must be refused before anything is sent, beside those that the suite makes itself. @default none */
  readonly refused?: readonly Json[];
}

/** One kind of webhook delivery. */
export interface DeliveryCase {
  readonly title: string;
  /** The event that it makes, `null` for none. */
  readonly trigger: string | null;
  /** Set where it is a challenge: what the answer must hold. */
  readonly challenge?: string;
  /** A delivery as the provider signs it, made apart from the connector. `timestamp` is in seconds; a scheme without one ignores it. */
  make(signing: { readonly secret: string; readonly timestamp: number }): SignedDelivery;
}

/** What {@link describeConnector} puts to the test. */
export interface ConnectorSubject<Provider extends FakeProvider = FakeProvider> {
  /** The connector, sent to an origin. */
  create(origin: string): Connector;
  /** A fresh stand-in that takes `credential`. */
  startProvider(): Promise<Provider>;
  readonly credential: Credential;
  /** One that the stand-in refuses. */
  readonly wrongCredential: Credential;
  /** Settings of the connection. @default {} */
  readonly settings?: Readonly<Record<string, Json>>;
  /** One case or more for each action. */
  readonly actions: readonly ActionCase<Provider>[];
  /** One case or more for each trigger that comes by webhook. */
  readonly deliveries: readonly DeliveryCase[];
}
