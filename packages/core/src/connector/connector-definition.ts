import type { LimitDeclaration } from '../contracts/limit-declaration.ts';
import type { ActionDefinition, ScopeNeed } from './action-definition.ts';
import type { ApiVersion } from './api-version.ts';
import type { AuthMethod } from './auth-method.ts';
import type { BatchDeclaration } from './batch-declaration.ts';
import type { TenantChoices } from './configuration-reader.ts';
import type { ConnectionMigrations } from './connection-migration.ts';
import type { ContentSource } from './content-source.ts';
import type { Deprecation } from './deprecation.ts';
import type { EnricherDefinition } from './enricher-definition.ts';
import type { EvidenceReader } from './evidence-declaration.ts';
import type { Flags } from './flag-declaration.ts';
import type { HostDeclaration } from './host-declaration.ts';
import type { ConnectionCall, ConnectorContext, HealthReport, IConnector } from './iconnector.ts';
import type { ConnectorCategory } from './manifest.ts';
import type { ConnectorSite } from './oauth2-auth.ts';
import type { OptionSource } from './option-source.ts';
import type { ProviderAnswer, ProviderFault, RateLimitReading } from './provider-answer.ts';
import type { ResourceKind } from './resource-kind.ts';
import type { Schema } from './schema.ts';
import type { RequestTransform, ResponseTransform } from './transform.ts';
import type { TriggerDefinition } from './trigger-definition.ts';
import type { WebhookDeclaration } from './webhook-declaration.ts';

/** Actions by name, `create_issue`. */
export type Actions = Readonly<Record<string, ActionDefinition>>;

/** Triggers by name, `issue.opened`. */
export type Triggers = Readonly<Record<string, TriggerDefinition>>;

/** What a health check is given. */
export interface HealthCall<Configuration extends Schema, F extends Flags>
  extends Omit<ConnectionCall, 'configuration' | 'flags'>,
    TenantChoices<Configuration, F> {}

/** What an author writes. */
export interface ConnectorDefinition<
  Id extends string,
  A extends Actions,
  T extends Triggers,
  Configuration extends Schema = Schema,
  F extends Flags = Flags,
> {
  /** Lower-case letters, digits and hyphens; the first segment of its event types and actions. */
  readonly id: Id;
  readonly name: string;
  readonly description: string;
  /** @default none */
  readonly logo?: string;
  readonly docsUrl?: string;
  /** Semantic version of the package. */
  readonly version: string;
  /** Range of hub versions; a prerelease of a version in it counts. @default '>=0.1.0-0 <1.0.0-0' */
  readonly hub?: string;
  /** Other connectors that must be registered, with version ranges. @default none */
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly category: ConnectorCategory;
  /** This major goes away: told in the manifest, the reference and by the notice `connector.deprecated`. @default it stays */
  readonly deprecated?: Deprecation;
  /** How connections of other majors come over to this one, by the major that they come from. @default as they are, where this one takes that */
  readonly migrations?: ConnectionMigrations;
  /** Every way in; the first is the one a console offers first. */
  readonly auth: readonly [AuthMethod, ...AuthMethod[]];
  /** `https://api.example.com`, or a template over settings: `https://{site}.example.com`. Requests go nowhere else. */
  readonly origin: string;
  /** Prefix of every path, `/rest/api/3`. @default '' */
  readonly basePath?: string;
  /** More hosts of the same service by the name that calls give: `{ uploads: { origin: 'https://uploads.example.com', credential: true } }`. @default none */
  readonly hosts?: Readonly<Record<string, HostDeclaration>>;
  /**
   * Hosts that an origin with settings in it may come to, `api.example.com` or `*.example.com`. With them a setting may be several labels of a name,
   * `eu.acme`. @default each setting is one label
   */
  readonly allowedHosts?: readonly string[];
  /** The service speaks HTTP/2 over TLS: it is offered, and taken where the service agrees. @default false */
  readonly http2?: boolean;
  /** Settings of a connection (the site of a template). @default no settings */
  readonly settings?: Schema;
  /**
   * What each tenant can set for all of its connections: an object schema that answers at once. A property is marked with
   * `.meta({ sensitive: true })` to leave its values out of the history; one that holds a secret is refused. @default no configuration
   */
  readonly configuration?: Configuration;
  /** What each tenant can have on or off. @default no flags */
  readonly flags?: F;
  /** Scopes that every connection needs, beside those of the actions that are used: for the health check, for triggers. @default none */
  readonly scopes?: readonly (string | ScopeNeed)[];
  /** Scopes that the provider takes as included in another: `{ repo: ['public_repo'] }`. @default none */
  readonly impliedScopes?: Readonly<Record<string, readonly string[]>>;
  /** Kinds of resources that a connection can be confined to, by name. Each action and trigger says what it touches of them. @default none */
  readonly resources?: Readonly<Record<string, ResourceKind>>;
  /** Headers sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The version of the service's API that requests ask for; a connection may be pinned to another one that is supported. @default none */
  readonly apiVersion?: ApiVersion;
  /** Changes each request before it is sent: query, headers and body. Pure, and answers at once. What it gives is checked as any caller's is. */
  transformRequest?: RequestTransform;
  /** Changes the body of each good answer before it is parsed. Pure, and answers at once. */
  transformResponse?: ResponseTransform;
  /** How the service takes several reads in one request. @default they are sent one by one */
  readonly batch?: BatchDeclaration;
  /** Lower-case name of the answer's header that holds the provider's request id. */
  readonly requestIdHeader?: string;
  readonly actions: A;
  readonly triggers: T;
  readonly webhook?: WebhookDeclaration<keyof T & string>;
  /** What it can tell of events beside what is in them, by name: `deployments`. @default nothing */
  readonly enrichers?: Readonly<Record<string, EnricherDefinition>>;
  /** Where the choices for fields of its inputs come from, by name: `repositories`. Actions name the sources of their fields. @default none */
  readonly options?: Readonly<Record<string, OptionSource>>;
  /** Documents that the host can have in its search index, by name: `issues`. @default none */
  readonly content?: Readonly<Record<string, ContentSource>>;
  /** What of its events may have brought failures about, and which are failures, by trigger. @default nothing */
  readonly evidence?: Readonly<Record<string, EvidenceReader>>;
  /** What an answer means as an error. Called for status 400 and up, and for every answer where `errorsInSuccess` is set. `undefined` leaves it to the status. */
  mapError?(answer: ProviderAnswer): ProviderFault | undefined;
  /** The provider answers errors with status 200. @default false */
  readonly errorsInSuccess?: boolean;
  /**
   * What an answer's headers say of the provider's limits: `rateLimits.headers({...})`, `rateLimits.ietf()`, `rateLimits.known.github`, or a function of
   * its own. @default `rateLimits.common`
   */
  rateLimit?(answer: Pick<ProviderAnswer, 'status' | 'headers'>): RateLimitReading | readonly RateLimitReading[] | undefined;
  /** Limits that the provider documents and no answer tells. They are held before a request is sent. @default none */
  readonly limits?: readonly LimitDeclaration[];
  healthCheck(call: HealthCall<Configuration, F>): Promise<HealthReport>;
  /**
   * The sites that a grant of OAuth reaches, asked for when an account has been connected: one is taken, among several the person chooses. Paths stand
   * below the origin of the way in, without its base path; `settings` are those that are known so far.
   */
  findSites?(call: ConnectionCall): Promise<readonly ConnectorSite[]>;
  /** Has 30 seconds; the hub goes on without it then, and the connector's actions wait until it ends or an operator restarts the connector. */
  initialize?(context: ConnectorContext, signal: AbortSignal): Promise<void>;
  shutdown?(signal: AbortSignal): Promise<void>;
}

/** A definition whose types have been forgotten. */
export type AnyDefinition = ConnectorDefinition<string, Actions, Triggers>;

/** A connector with its types: what `defineConnector` returns and `createHub` takes. A specific one goes where any is taken. */
export interface Connector<
  Id extends string = string,
  A extends Actions = Actions,
  T extends Triggers = Triggers,
  Configuration extends Schema = Schema,
  F extends Flags = Flags,
> extends IConnector {
  readonly id: Id;
  readonly actions: A;
  readonly triggers: T;
  readonly configuration?: Configuration;
  readonly flags?: F;
  readonly definition: AnyDefinition;
}
