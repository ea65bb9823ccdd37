import type { Json } from '../json/json.ts';
import type { SignatureScheme } from './signature-scheme.ts';

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

/** Where the provider puts the id that stays the same over retries of one delivery. */
export type DeliveryId = { readonly header: string } | { readonly bodyField: string };

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
  /** One URL per app: names the provider's account in the payload. Its presence declares the per-app form. */
  accountOf?(delivery: WebhookDelivery): string | undefined;
  /** What an accepted delivery is answered with. @default 202, empty */
  readonly accepted?: WebhookAnswer;
  /**
   * Milliseconds for which the provider may send a delivery again. It lengthens nothing: one that is longer than the 30 days for which
   * every storage keeps dedupe keys makes the definition `connector_invalid`. @default 0, nothing is known
   */
  readonly redeliveryHorizonMs?: number;
}
