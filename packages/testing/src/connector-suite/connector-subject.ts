import type { Connector, Credential, Json } from '@patchbay/core';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { ProviderReply } from '../providers/provider-reply.ts';
import type { SignedDelivery } from '../providers/signed-delivery.ts';

/** A listing that never ends, for an action that reads page by page. */
export interface PagesCase {
  /** Which requests ask for a page, as `METHOD /path?query`. @default every GET */
  readonly match?: RegExp;
  /** The answer that holds one page and names a further one, as the service would. `number` counts from 1. */
  make(number: number): ProviderReply;
}

/** One action and an input that the stand-in takes. */
export interface ActionCase<Provider extends FakeProvider> {
  readonly name: string;
  /** Prepares the stand-in where that is needed, and gives the input. Called once per test. */
  input(provider: Provider): Readonly<Record<string, Json>>;
  /** Inputs that must be refused before anything is sent, beside those that the suite makes itself. @default none */
  readonly refused?: readonly Json[];
  /** How many requests one call needs. The suite refuses more, and fewer. @default 1 */
  readonly requests?: number;
  /** Needed in one case of each action that declares `paginated`. */
  readonly pages?: PagesCase;
}

/** One kind of webhook delivery. */
export interface DeliveryCase {
  readonly title: string;
  /** The event that it makes, `null` for none. */
  readonly trigger: string | null;
  /** Further events that it makes, behind that one. @default none */
  readonly further?: readonly string[];
  /** Set where it is a challenge: what the answer must hold. */
  readonly challenge?: string;
  /**
   * A delivery as the provider signs it, made apart from the connector. `timestamp` is in seconds; a scheme without one ignores it, and
   * so with the `url` that is called.
   */
  make(signing: { readonly secret: string; readonly timestamp: number; readonly url: string }): SignedDelivery;
}

/** One trigger that is polled. */
export interface PollCase<Provider extends FakeProvider> {
  readonly trigger: string;
  /** Has one more thing happen at the stand-in. Called several times in one test. */
  happen(provider: Provider): void | Promise<void>;
}

/** The connector's OAuth at the stand-in, which gives a permission at once, or refuses it where the address says `decision=deny`. */
export interface OAuthCase<Provider extends FakeProvider> {
  /** The app that the stand-in knows. */
  readonly app: { readonly clientId: string; readonly clientSecret: string };
  /** Settings that are given when connecting begins. @default {} */
  readonly settings?: Readonly<Record<string, Json>>;
  /** Every token that the stand-in has given. */
  tokens(provider: Provider): readonly string[];
  /** A stand-in whose access tokens end and are renewed with a refresh token, where the manifest says `refresh`. @default `startProvider()` */
  startRenewing?(): Promise<Provider>;
}

/** Webhooks that the connector registers by the service's API. */
export interface RegistrationCase<Provider extends FakeProvider> {
  /** What at the service they are for. @default nothing is named */
  readonly target?: string;
  /** The triggers that can be registered so. @default all of the connector's */
  readonly triggers?: readonly string[];
  /** URLs of what the stand-in holds there. */
  held(provider: Provider): readonly string[];
}

/** The choices for one field of an action. */
export interface OptionsCase<Provider extends FakeProvider> {
  readonly action: string;
  /** The path of the field, with dots. */
  readonly field: string;
  /** Prepares the stand-in, so that there is something to choose, and gives what is filled in so far. @default nothing is */
  input?(provider: Provider): Readonly<Record<string, Json>>;
  /**
   * What a connection is confined to that is offered some of them, and not all where there are more. Needed where the source names a kind of resource.
   * @default a confined connection is refused
   */
  readonly confinedTo?: Readonly<Record<string, readonly string[]>>;
}

/** One source of content. */
export interface ContentCase<Provider extends FakeProvider> {
  readonly source: string;
  /** What is read. Needed where the source reads named containers only, or where containers are a kind of resource. @default all */
  readonly containers?: readonly string[];
  /** Has a document appear or change at the stand-in, in the containers, and gives its id. Called several times in one test. */
  change(provider: Provider): string | Promise<string>;
  /** Has a document go that is there, and gives its id: for a source that tells of deletes when it is read. @default it does not */
  remove?(provider: Provider): string | Promise<string>;
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
  /**
   * What the stand-in holds, as plain data: with it the suite sees whether a repeat, or a read, changes something. Leave out what every
   * write touches, such as a time of the last change. @default the suite goes by effects and outputs, and skips what they do not show
   */
  state?(provider: Provider): unknown;
  /** Settings of the connection. @default {} */
  readonly settings?: Readonly<Record<string, Json>>;
  /** What the tenant has set for the connector. @default {} */
  readonly configuration?: Readonly<Record<string, Json>>;
  /** Flags that the tenant has set. @default none */
  readonly flags?: Readonly<Record<string, boolean>>;
  /** Needed where the connector has a way in of type `oauth2`. */
  readonly oauth?: OAuthCase<Provider>;
  /** One case or more for each action. */
  readonly actions: readonly ActionCase<Provider>[];
  /** Needed where the connector registers webhooks by the service's API. */
  readonly registration?: RegistrationCase<Provider>;
  /** One case or more for each trigger that comes by webhook. */
  readonly deliveries: readonly DeliveryCase[];
  /** One case or more for each source of choices. @default none */
  readonly options?: readonly OptionsCase<Provider>[];
  /** One case for each source of content. @default none */
  readonly content?: readonly ContentCase<Provider>[];
  /** One case for each trigger that is polled. @default none */
  readonly polls?: readonly PollCase<Provider>[];
}
