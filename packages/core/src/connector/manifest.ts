import type { IdempotencyClass } from '../contracts/idempotency.ts';
import type { LimitDeclaration } from '../contracts/limit-declaration.ts';
import type { JsonObject } from '../json/json.ts';
import type { ScopeNeed } from './action-definition.ts';
import type { AuthMethod } from './auth-method.ts';
import type { Deprecation } from './deprecation.ts';
import type { OptionPlace } from './option-place.ts';
import type { ResourceKind, ResourceUses } from './resource-kind.ts';
import type { TriggerKind } from './trigger-definition.ts';

/** What a service is for; a console groups by it. */
export type ConnectorCategory =
  | 'communication'
  | 'project-management'
  | 'documentation'
  | 'source-control'
  | 'ai'
  | 'crm'
  | 'erp'
  | 'analytics'
  | 'database'
  | 'storage'
  | 'monitoring'
  | 'webhooks'
  | 'custom';

/** An action as data. */
export interface ActionManifest {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly idempotency: IdempotencyClass;
  readonly paginated: boolean;
  readonly scopes: readonly ScopeNeed[];
  /** What it touches of the connector's kinds of resources; one that is left out is `any`. */
  readonly resources: ResourceUses;
  /** Fields that have choices, by their paths, and where those come from. */
  readonly options: Readonly<Record<string, OptionPlace>>;
  /** JSON Schema, draft 2020-12. */
  readonly input: JsonObject;
  readonly output: JsonObject;
  /** `null`: it stays. */
  readonly deprecated: Deprecation | null;
}

/** A source of choices as data. */
export interface OptionSourceManifest {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly scopes: readonly ScopeNeed[];
  /** The kind of resource that its options name; `null`: none. */
  readonly resource: string | null;
  readonly resources: ResourceUses;
  /** It searches at the service. */
  readonly searches: boolean;
}

/** A source of documents as data. */
export interface ContentManifest {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly scopes: readonly ScopeNeed[];
  /** The kind of resource that containers are; `null`: none, and a confined connection does not sync it. */
  readonly resource: string | null;
  readonly needsContainers: boolean;
  readonly intervalMs: number;
  /** `null`: it is read from the beginning once. */
  readonly rereadMs: number | null;
  /** Triggers whose events take documents out at once. */
  readonly deletedBy: readonly string[];
}

/** A trigger as data. */
export interface TriggerManifest {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: TriggerKind;
  readonly delivery: 'webhook' | 'polling';
  /** As in {@link ActionManifest}. */
  readonly resources: ResourceUses;
  /** JSON Schema, draft 2020-12. */
  readonly payload: JsonObject;
  /** `null`: it stays. */
  readonly deprecated: Deprecation | null;
}

/** How webhooks of a connector arrive, as data. */
export interface WebhookManifest {
  /** How deliveries are signed, `hmac-sha256`; `unverified` where they are not. */
  readonly scheme: string;
  /** How deliveries to the URL of the app are signed, where that differs. */
  readonly appScheme: string | null;
  /** `manual`: a person enters the URL and the secret at the provider; `api`: the hub registers by the provider's API, a person can too. */
  readonly registration: 'manual' | 'api';
  /** What a registration by API must name, for a person; `null`: nothing. */
  readonly target: string | null;
  /** One URL for all connections of the host's app there; else one for each registration. */
  readonly perApp: boolean;
}

/** An enricher as data. */
export interface EnricherManifest {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Patterns of event types. */
  readonly events: readonly string[];
}

/** A flag as data. */
export interface FlagManifest {
  readonly name: string;
  readonly description: string;
  readonly default: boolean;
}

/** The version of the service's API, as data. */
export interface ApiVersionManifest {
  /** What a connection asks for unless it is pinned to another. */
  readonly version: string;
  /** What a connection may be pinned to by its setting `apiVersion`. */
  readonly supported: readonly string[];
}

/** A connector as data: JSON through and through. */
export interface ConnectorManifest {
  readonly specVersion: 1;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly logo: string | null;
  readonly docsUrl: string | null;
  /** Semantic version of the connector. */
  readonly version: string;
  /** Range of hub versions that it works with. */
  readonly hub: string;
  /** Connectors that it needs, with their version ranges. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly category: ConnectorCategory;
  /** `null`: the connector pins none. */
  readonly apiVersion: ApiVersionManifest | null;
  readonly auth: readonly AuthMethod[];
  /** Scopes that every connection needs, beside those of what is used. */
  readonly scopes: readonly ScopeNeed[];
  /** JSON Schema, draft 2020-12, of a connection's settings; `null`: it has none. */
  readonly settings: JsonObject | null;
  /** Limits that the service documents. */
  readonly limits: readonly LimitDeclaration[];
  /** `null`: this major stays. */
  readonly deprecated: Deprecation | null;
  /** Kinds of resources that a connection can be confined to. */
  readonly resources: Readonly<Record<string, ResourceKind>>;
  readonly actions: readonly ActionManifest[];
  readonly triggers: readonly TriggerManifest[];
  /** Where the choices for fields of inputs come from. */
  readonly optionSources: readonly OptionSourceManifest[];
  /** Documents that the host can have in its search index. */
  readonly content: readonly ContentManifest[];
  /** What it can tell of events beside what is in them. */
  readonly enrichers: readonly EnricherManifest[];
  readonly webhook: WebhookManifest | null;
  /** JSON Schema, draft 2020-12, of what each tenant can set; `null`: nothing. */
  readonly configuration: JsonObject | null;
  readonly flags: readonly FlagManifest[];
}
