import type { AlertRuleRecord } from './alert-records.ts';
import type { AuditEntry } from './audit-store.ts';
import type {
  AppRecord,
  AutomationRecord,
  AutomationVersionRecord,
  ConnectionRecord,
  ConnectorChangeRecord,
  ConnectorConfigurationRecord,
  CredentialRecord,
  EnrichmentRecord,
  MappingRecord,
  MappingVersionRecord,
  SubscriberRecord,
  TenantKeyRecord,
} from './configuration-records.ts';
import type { Revision } from './hot-store.ts';
import type { EndpointRecord, ReceiverRecord, RegistrationRecord } from './webhook-records.ts';

/** What can be configured, by kind. */
export interface ConfigurationKinds {
  connection: ConnectionRecord;
  credential: CredentialRecord;
  automation: AutomationRecord;
  automation_version: AutomationVersionRecord;
  registration: RegistrationRecord;
  subscriber: SubscriberRecord;
  tenant_key: TenantKeyRecord;
  app: AppRecord;
  connector_configuration: ConnectorConfigurationRecord;
  connector_change: ConnectorChangeRecord;
  endpoint: EndpointRecord;
  receiver: ReceiverRecord;
  alert_rule: AlertRuleRecord;
  mapping: MappingRecord;
  mapping_version: MappingVersionRecord;
  enrichment: EnrichmentRecord;
}

/** Name of a kind. */
export type ConfigurationKind = keyof ConfigurationKinds;

/** A stored row. `id` and `name` are each unique within tenant and kind; `version` counts writes from 1. */
export interface Row<Kind extends ConfigurationKind> {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly value: ConfigurationKinds[Kind];
  /** Milliseconds since 1970 on the store's clock. */
  readonly updatedAt: number;
}

/** One write. `expect`: the version that is there now, or `absent`. */
export type Change = {
  [Kind in ConfigurationKind]:
    | {
        readonly put: Kind;
        readonly id: string;
        readonly name: string;
        readonly expect: number | 'absent';
        readonly value: ConfigurationKinds[Kind];
      }
    | { readonly delete: Kind; readonly id: string; readonly expect: number };
}[ConfigurationKind];

/** What else a write does and needs, in its own transaction. */
export interface WriteOptions {
  readonly audit?: readonly AuditEntry[];
  /**
   * The tenant's revision before it: nothing of the tenant has been changed since it was read. With it a limit over many rows holds among
   * racers. A repeat whose changes all stand already is not compared. @default any
   */
  readonly revision?: number;
}

/** `conflict`: a version or a name was not as expected, or the revision, which the first change is named for; nothing was written. */
export type WriteVerdict =
  | { readonly status: 'written'; readonly revision: number }
  | { readonly status: 'conflict'; readonly kind: ConfigurationKind; readonly id: string };

/** A page of rows in order of id. */
export interface RowPage<Kind extends ConfigurationKind> {
  readonly rows: readonly Row<Kind>[];
  /** Pass it back to go on; `null` at the end. Rows that come in meanwhile neither repeat nor shift others. */
  readonly cursor: string | null;
}

/** The scope of what belongs to the hub and not to a tenant. No tenant can have this name. */
export const hubScope = '';

/**
 * What is configured. Takes the tenant first; a row of another tenant does not exist. `write` applies all changes or none and raises the
 * tenant's revision in the same transaction; a racer with the same expectation gets `conflict`. Repeating a write whose answer was
 * lost gives `written`: rows that already are as the change says count as done. A credential and a registration belong to a connection of
 * their tenant that is there after the change; a store may refuse one without (`invalid_argument`) and take it away with its connection.
 */
export interface ConfigurationStore {
  /** The revisions now; a tenant never written to has 0. */
  revision(tenant: string): Promise<Revision>;
  /** With `audit` it is recorded in the same transaction where the verdict is `written`, and not at all where it is `conflict`. */
  write(tenant: string, changes: readonly Change[], options?: WriteOptions): Promise<WriteVerdict>;
  get<Kind extends ConfigurationKind>(tenant: string, kind: Kind, id: string): Promise<Row<Kind> | null>;
  find<Kind extends ConfigurationKind>(tenant: string, kind: Kind, name: string): Promise<Row<Kind> | null>;
  list<Kind extends ConfigurationKind>(
    tenant: string,
    kind: Kind,
    page: { readonly cursor: string | null; readonly limit: number },
  ): Promise<RowPage<Kind>>;
  /** All rows of the kinds in this scope, under one revision: what a process caches. A kind that has none has an empty list. */
  snapshot(tenant: string, kinds: readonly ConfigurationKind[]): Promise<ConfigurationSnapshot>;
  /**
   * What has changed in this scope since its revision was `since`, for who holds a snapshot of then. `null` where that is not remembered, and the
   * snapshot is to be read again: at least the last 100 revisions are remembered, and none that has not been yet.
   */
  changes(tenant: string, kinds: readonly ConfigurationKind[], since: number): Promise<ConfigurationChanges | null>;
  /** Tenant of a registration, for the webhook's URL. Only this look-up and the next three are without a tenant. */
  locateRegistration(id: string): Promise<string | null>;
  /** Tenant of a receiver, for its URL. */
  locateReceiver(id: string): Promise<string | null>;
  /** Connections (their ids) of all tenants with this account at this connector, for webhooks of one URL per app. At most 1,000. */
  locateAccount(connector: string, externalAccountId: string): Promise<readonly { readonly tenant: string; readonly connection: string }[]>;
  /** Connections (their ids) of all tenants that are due by a time, milliseconds since 1970: those whose `dueAt` is earliest, up to so many, 1 to 500. */
  dueConnections(request: {
    readonly by: number;
    readonly limit: number;
  }): Promise<readonly { readonly tenant: string; readonly connection: string }[]>;
}

/** What of some kinds has changed, read under one revision. */
export interface ConfigurationChanges {
  readonly revision: Revision;
  /** The rows that have changed or come, as they are now, in order of id. A kind of which none has is an empty list. */
  readonly rows: { readonly [Kind in ConfigurationKind]?: readonly Row<Kind>[] };
  /** What was written or deleted and is not there now; it may never have been in a snapshot. */
  readonly gone: readonly { readonly kind: ConfigurationKind; readonly id: string }[];
}

/** All rows of some kinds, read under one revision. */
export interface ConfigurationSnapshot {
  readonly revision: Revision;
  readonly rows: { readonly [Kind in ConfigurationKind]?: readonly Row<Kind>[] };
}
