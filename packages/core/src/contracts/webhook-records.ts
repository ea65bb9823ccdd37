import type { Json } from '../json/json.ts';

/** A sealed webhook secret and when it verifies, milliseconds since 1970. */
export interface RegistrationSecretRecord {
  readonly id: string;
  /** The vault's envelope, base64. */
  readonly sealed: string;
  /** Absent: from the beginning. */
  readonly notBefore?: number;
  /** The first moment at which it verifies no more; `null`: no end. */
  readonly notAfter: number | null;
}

/** A webhook registration of a connection. */
export interface RegistrationRecord {
  readonly connector: string;
  readonly connection: string;
  /** Trigger names; a delivery of others is acknowledged and makes no event. */
  readonly triggers: readonly string[];
  /** The newest first. */
  readonly secrets: readonly RegistrationSecretRecord[];
  /** Addresses and ranges from which its deliveries are taken; absent: from everywhere. */
  readonly addresses?: readonly string[];
  readonly createdAt: number;
  /** What stands at the provider; absent where a person has set it up. */
  readonly subscription?: SubscriptionRecord;
  /** What becomes of its events; absent: all are taken in as they come. */
  readonly rules?: RegistrationRules;
}

/** What becomes of a registration's events, in this order. They read the event as it came. */
export interface RegistrationRules {
  /** Takes none in. */
  readonly drop?: true;
  /** A condition over `event`: what it does not hold for is not taken in. Parsed above this layer. */
  readonly filter?: Json;
  /** Part of the deliveries that is taken in, 0 to 1; which, their ids decide. */
  readonly sample?: number;
  /** JSON whose strings may hold `{{ CEL }}` over `event`: the data that is stored in place of what came, which is kept beside it. */
  readonly transform?: Json;
  /** Ids of the automations that may start; the others do not. Subscribers are called all the same. */
  readonly automations?: readonly string[];
}

/** How a registration stands at the provider. `pending`: it is being brought there; `expiring`: it could not be renewed yet; `failed`: it is not there. */
export type SubscriptionStatus = 'pending' | 'active' | 'expiring' | 'failed';

/** A registration at the provider, made by its API. */
export interface SubscriptionRecord {
  readonly status: SubscriptionStatus;
  /** What at the service it is for (a repository); `null` where the connector names nothing. */
  readonly target: string | null;
  /** The provider's own id; `null` until it is known. */
  readonly providerId: string | null;
  /** When it ends unless it is renewed, milliseconds since 1970; `null`: it does not end, or is not known. */
  readonly expiresAt: number | null;
  /** When it is to be renewed, milliseconds since 1970; `null`: never. */
  readonly renewAt: number | null;
  /** Why it is not as it should be, without any secret; `null` where it is. */
  readonly lastError: string | null;
  /** Tries in a row that have failed. */
  readonly failures: number;
  /** When the hub looks at it next, milliseconds since 1970. */
  readonly dueAt: number;
}

/** A URL of the tenant's that receives events. */
export interface EndpointRecord {
  readonly url: string;
  /** Patterns of the types that it receives. */
  readonly events: readonly string[];
  /** A condition, as JSON; parsed above this layer. Absent: every event of these types. */
  readonly when?: Json;
  /** A template of the data that is sent, as JSON; parsed above this layer. Absent: the event's own. */
  readonly transform?: Json;
  /** Sent with every delivery, by lower-case name. They hold no secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the body looks like. */
  readonly payload: 'standard' | 'cloudevents' | 'data';
  /** How deliveries are signed. */
  readonly signing: 'hmac' | 'ed25519';
  /** Sealed secrets, base64, the newest first, each good until a time (milliseconds since 1970, `null`: no end). */
  readonly secrets: readonly EndpointSecretRecord[];
  /** Deliveries under way at once, over all processes. */
  readonly maximumInFlight: number;
  /** Deliveries begun in a second, over all processes; absent: as many as come. */
  readonly rate?: number;
  readonly description?: string;
  readonly metadata: Readonly<Record<string, Json>>;
  /** Whether the URL has shown that it wants deliveries, or the host has said so; without it nothing but the challenge is sent. */
  readonly verification: 'pending' | 'answered' | 'waived';
  /** Why it receives nothing; absent: it is enabled. */
  readonly disabled?: { readonly reason: 'host' | 'gone' | 'failing'; readonly at: number };
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A secret that deliveries to an endpoint are signed with. */
export interface EndpointSecretRecord {
  readonly id: string;
  /** The vault's envelope, base64. */
  readonly sealed: string;
  /** The other half of an ed25519 key, `whpk_…`; absent for HMAC. */
  readonly publicKey?: string;
  readonly notAfter: number | null;
}

/** A URL of the hub's that takes in the webhooks of a service without a connector. */
export interface ReceiverRecord {
  /** How its requests are checked and read; parsed above this layer. */
  readonly definition: Json;
  /** Sealed secrets, base64, the newest first, each good until a time (milliseconds since 1970, `null`: no end). */
  readonly secrets: readonly { readonly id: string; readonly sealed: string; readonly notAfter: number | null }[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}
