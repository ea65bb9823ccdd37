import type { Json } from '../json/json.ts';
import type { ChallengeDeclaration } from './challenge-declaration.ts';
import type { ConfirmationDeclaration } from './confirmation-declaration.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import type { WebhookSubscriptions } from './webhook-subscriptions.ts';

/** A verified delivery, as a connector sees it. */
export interface WebhookDelivery {
  /** Lower-case names. The signature is not among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body. */
  readonly body: Json;
}

/** One event that a delivery tells of. */
export interface ConnectorEvent<Trigger extends string = string> {
  readonly trigger: Trigger;
  /** Return the delivery's body itself where it is the data: it is then stored once. */
  readonly data: Json;
  readonly subject?: string;
  /** When it happened, milliseconds since 1970; else the time of receipt. */
  readonly time?: number;
}

/** The answer that a provider wants. */
export interface WebhookAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Where the provider puts the id that stays the same over retries of one delivery. Of several fields of the body the first counts that is there. */
export type DeliveryId = { readonly header: string } | { readonly bodyField: string | readonly [string, ...string[]] };

/** How a connector's webhooks are checked and understood. */
export interface WebhookDeclaration<Trigger extends string = string> {
  /** How the service signs. Absent: it does not, and `dangerouslyUnverified` says why that is borne. */
  readonly scheme?: SignatureScheme;
  /** How it signs what it sends to the URL of the app, where that differs (Jira's dynamic webhooks). @default `scheme` */
  readonly appScheme?: SignatureScheme;
  /**
   * Why deliveries are taken in that nobody has signed; 10 to 500 characters. Whoever knows a registration's URL can then send events, which are
   * marked (`unverified`). Only without a scheme, and never for the URL of an app, which anybody can guess. @default unsigned means refused
   */
  readonly dangerouslyUnverified?: string;
  /** A header's name, or `{ bodyField }` for a top-level field of the body. */
  readonly deliveryId: string | DeliveryId;
  /**
   * The events that a delivery tells of; none for one that is of no interest (a ping). It has 8 seconds; then the signal aborts, and the
   * service is asked to send again.
   */
  toEvents(
    delivery: WebhookDelivery,
    context: { readonly signal: AbortSignal },
  ): readonly ConnectorEvent<Trigger>[] | Promise<readonly ConnectorEvent<Trigger>[]>;
  /** Answers a challenge of the provider, after the signature was checked. `undefined`: it is none. */
  handshake?(delivery: WebhookDelivery): WebhookAnswer | undefined;
  /** What the provider asks without a signature while a webhook is being set up. @default none */
  readonly challenges?: readonly ChallengeDeclaration[];
  /** A delivery that is answered by a request to an address in it, after the signature was checked. @default none */
  readonly confirmation?: ConfirmationDeclaration;
  /**
   * The service makes up the secret and sends it first, signed with itself (Notion's `verification_token`). A registration keeps it until the tenant
   * registers it as its secret; the body of that first delivery is looked into before it is verified. @default none
   */
  readonly offeredSecret?: { readonly bodyField: string };
  /** One URL per app: names the provider's account in the payload. Its presence declares the per-app form. */
  accountOf?(delivery: WebhookDelivery): string | undefined;
  /**
   * Media types of its deliveries, in lower case without parameters; `+json` stands for every `application/…+json`. Another is answered with 415 before the
   * body is read. `application/x-www-form-urlencoded` is read as a form, everything else as JSON. @default ['application/json', '+json']
   */
  readonly contentTypes?: readonly string[];
  /** The field of a form whose value is JSON, which is then the whole body, such as `payload`. Of a form without it the body is an object of its fields. */
  readonly formJsonField?: string;
  /**
   * Fields at the top of the body that hold secrets, such as an address at which whoever knows it may post. They are taken out before the connector sees
   * the body and before anything of it is stored. @default none
   */
  readonly secretFields?: readonly [string, ...string[]];
  /** Keys that the largest of its deliveries has, where they can be more than the host's `webhooks.maximumKeys`. */
  readonly maximumKeys?: number;
  /** How webhooks are registered by the provider's API. @default a person sets them up */
  readonly subscriptions?: WebhookSubscriptions<Trigger>;
  /** What an accepted delivery is answered with. @default 202, empty */
  readonly accepted?: WebhookAnswer;
  /**
   * Milliseconds for which the provider may send a delivery again. It lengthens nothing: one that is longer than the 30 days for which
   * every storage keeps dedupe keys makes the definition `connector_invalid`. @default 0, nothing is known
   */
  readonly redeliveryHorizonMs?: number;
}
