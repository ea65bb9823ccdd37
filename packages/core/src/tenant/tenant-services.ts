import type { ChainHash } from '../audit/chain-hash.ts';
import type { Recorder } from '../audit/recorder.ts';
import type { Clock } from '../clock/clock.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { ConnectOptions } from '../connections/connect-options.ts';
import type { Refresher } from '../connections/create-refresher.ts';
import type { CredentialVault } from '../connections/credential-vault.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { Schema } from '../connector/schema.ts';
import type { ConfigurationStore } from '../contracts/configuration-store.ts';
import type { PlanPolicy } from '../contracts/plan-policy.ts';
import type { Queue } from '../contracts/queue.ts';
import type { FullReceipt } from '../contracts/receipt-store.ts';
import type { ContentPlace, SearchIndex } from '../contracts/search-index.ts';
import type { Storage } from '../contracts/storage.ts';
import type { Publisher } from '../events/create-publisher.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import type { Limits } from '../gateway/limits/create-limits.ts';
import type { Breakers } from '../gateway/resilience/create-breakers.ts';
import type { ConnectorWatch } from '../gateway/resilience/create-connector-watch.ts';
import type { HealthServices } from '../health/create-health-services.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Notify } from '../notices/notices.ts';
import type { AlertParts } from '../notifications/alert-parts.ts';
import type { KnownRecords } from '../records/known-records.ts';
import type { CompiledConfigurations } from '../routing/compiled-configurations.ts';
import type { CalendarFeeds } from '../scheduling/calendar-feeds.ts';
import type { NamedCalendars } from '../scheduling/schedule-calendars.ts';
import type { RandomBytes } from '../vault/random-bytes.ts';
import type { TenantKeys } from '../vault/tenant-keys.ts';
import type { SendDeliveryOptions } from '../webhooks/outbound/send-delivery.ts';
import type { KeptOptions } from './kept-options.ts';

/** What the tenant handle's parts are made of. Bound once in `hub.ts`. */
export interface TenantServices {
  readonly storage: Storage<unknown>;
  /** What wakes the workers: the host's own, or the storage's. */
  readonly queue: Queue;
  readonly cache: ConfigurationCache;
  readonly registry: ConnectorRegistry;
  readonly compiled: CompiledConfigurations;
  readonly chainHash: ChainHash;
  readonly publisher: Publisher;
  readonly vault: CredentialVault;
  readonly connect: ConnectOptions;
  readonly refresher: Refresher;
  readonly tenantKeys: TenantKeys;
  readonly gateway: GatewayOptions;
  readonly breakers: Pick<Breakers, 'reset'>;
  readonly health: HealthServices;
  /** Restarts a connector's code, here at once and in the other processes when they look. */
  readonly restartConnector: (connector: string) => Promise<void>;
  readonly watch: Pick<ConnectorWatch, 'held'>;
  readonly limits: Limits;
  /** Choices for fields of inputs that services have just given. */
  readonly keptOptions: KeptOptions;
  /** Takes a kept delivery in again; answers how many of its events were wanted. Throws what keeps it from becoming events. */
  readonly replayReceipt: (receipt: FullReceipt) => Promise<number>;
  readonly clock: Clock;
  readonly generateId: GenerateId;
  /** Whether the host has given a webhook secret of its app at a connector's service. */
  readonly hasAppSecret: (connector: string) => boolean;
  /** A number between 0 and 1, for jitter. */
  readonly random: () => number;
  readonly notify: Notify;
  /** What looks after alerts, and the names of the host's channels in this process. */
  readonly alerts: { readonly parts: AlertParts; readonly channels: ReadonlySet<string> };
  /** Calendars that schedules go by, and what has triggers be polled. */
  readonly schedules: {
    readonly named: NamedCalendars;
    readonly feeds: CalendarFeeds;
    readonly keepPolls: (tenant: string) => Promise<void>;
  };
  /** The host's search index, and what brings content into it. */
  readonly content: {
    readonly index: SearchIndex | null;
    readonly keep: (tenant: string) => Promise<void>;
    readonly readSoon: (place: ContentPlace, occasion: string) => Promise<void>;
    readonly end: (place: ContentPlace, but: string | null) => Promise<void>;
  };
  readonly randomBytes: RandomBytes;
  /** What sends to endpoints. */
  readonly deliveries: SendDeliveryOptions;
  /** `null`: everything is allowed. */
  readonly plans: PlanPolicy | null;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** The host's records; `null`: it has declared none. */
  readonly records: KnownRecords | null;
  /** Schemas of the host's own event types. */
  readonly hostEvents: Readonly<Record<string, Schema>>;
  /** Resolves when the store is ready and what the hub stores of itself is stored. */
  readonly ready: () => Promise<void>;
}

/** One tenant's view of the services. */
export interface TenantScope extends TenantServices {
  readonly tenant: string;
  /** Who acts through this handle. */
  readonly recorder: Recorder;
  /** The configuration as this handle's actor changes it: what is written through it is recorded. */
  readonly configuration: ConfigurationStore;
}
