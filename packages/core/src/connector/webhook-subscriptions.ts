import type { Json } from '../json/json.ts';
import type { ConnectorHttp } from './connector-http.ts';
import type { ResourceUses } from './resource-kind.ts';

/** What every call about subscriptions carries. */
export interface SubscriptionCall {
  readonly http: ConnectorHttp;
  readonly settings: Readonly<Record<string, Json>>;
  /** What at the service it is about (a repository), as `register` was given it; `null` where nothing was. */
  readonly target: string | null;
  readonly signal: AbortSignal;
}

/** A subscription as it is to be. */
export interface WantedSubscription<Trigger extends string = string> extends SubscriptionCall {
  /** Where deliveries go. It names the registration, so that no two registrations share one. */
  readonly url: string;
  readonly triggers: readonly Trigger[];
  /** What deliveries are to be signed with. */
  readonly secret: string;
}

/** A subscription that is known by the service's id. */
export interface KnownSubscription extends SubscriptionCall {
  readonly id: string;
}

/** What the service holds after it was asked. */
export interface HeldSubscription {
  /** The service's own id, text of 200 characters at most. */
  readonly id: string;
  /** When it ends unless it is renewed, milliseconds since 1970; absent: it does not end. */
  readonly expiresAt?: number;
}

/** A subscription as the service lists it. */
export interface ListedSubscription extends HeldSubscription {
  /** Where deliveries go; `null` where the service does not say. */
  readonly url: string | null;
  /** The connector's triggers that its events stand for. What stands for none is left out. */
  readonly triggers: readonly string[];
  /** False for one that the service has stopped. @default true */
  readonly active?: boolean;
}

/**
 * How a connector's webhooks are registered by the provider's API. Each function sends what it must and throws what the gateway throws; core says
 * when, keeps ids and ends, tries again and looks whether what was registered is there.
 */
export interface WebhookSubscriptions<Trigger extends string = string> {
  /** What `register` must name, for a person: `A repository as owner/name, or an organisation`. @default nothing is named */
  readonly target?: string;
  /**
   * How deliveries to what was registered by the API are signed: with the registration's secret, by the declaration's `scheme`, or as those of the
   * provider's app are, by its `appScheme` and the host's `webhookSecret` (Jira). @default 'registration'
   */
  readonly signedBy?: 'registration' | 'app';
  /** Which resource the field `target` names, for connections that are confined. @default each kind is `any`: a confined connection registers nothing */
  readonly resources?: ResourceUses<'target'>;
  /** All triggers that come where these are registered, these included: for a service that tells several by one event. @default these */
  comeWith?(triggers: readonly Trigger[]): readonly string[];
  /** Registers. It is asked after core has looked in the list that the URL is not there. */
  create(wanted: WantedSubscription<Trigger>): Promise<HeldSubscription>;
  /** All subscriptions that the credential may see of this target, other programs' too. */
  list(call: SubscriptionCall): Promise<readonly ListedSubscription[]>;
  /** Takes one away. One that is gone already is no error: throw `provider_not_found`, or return. */
  remove(known: KnownSubscription): Promise<void>;
  /** Brings one up to date, its secret too. @default it is taken away and created again */
  update?(wanted: WantedSubscription<Trigger> & Pick<HeldSubscription, 'id'>): Promise<HeldSubscription>;
  /** Lengthens its time. Needed where subscriptions end. @default `update`, or taken away and created again */
  renew?(known: KnownSubscription): Promise<HeldSubscription>;
}
