import type { Json } from '../json/json.ts';
import type { AuditEntry } from './audit-store.ts';
import type { Revision } from './hot-store.ts';

/** Status of a connection; the words of the spec. */
export type ConnectionStatus = 'initializing' | 'active' | 'token_expired' | 'token_invalid' | 'disconnected' | 'error';

/** One account at a service, of one tenant. */
export interface ConnectionRecord {
  readonly connector: string;
  readonly name: string;
  readonly status: ConnectionStatus;
  /** Host user who made it. */
  readonly owner: string | null;
  readonly externalAccountId: string | null;
  readonly externalAccountName: string | null;
  readonly settings: Readonly<Record<string, Json>>;
  readonly metadata: Readonly<Record<string, Json>>;
  /** Raised with every new credential; part of what the vault binds to. */
  readonly secretVersion: number;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  /** Scopes that its credential has at the service; absent where nobody has said. */
  readonly grantedScopes?: readonly string[];
  /** Names of resources by kind, in their one writing: others are refused, in and out. Absent: it is not confined. */
  readonly confinedTo?: Readonly<Record<string, readonly string[]>>;
  /** Why it is not active; absent where it is, or nobody has said. */
  readonly statusReason?: string;
}

/** A sealed credential of a connection. */
export interface CredentialRecord {
  readonly connection: string;
  readonly kind: string;
  /** The vault's envelope, base64. */
  readonly sealed: string;
  readonly secretVersion: number;
  /** When the secret ends, milliseconds since 1970; absent where nobody has said. */
  readonly expiresAt?: number;
  /** When its refresh token, good for once, was sent by somebody who has not told the answer yet, milliseconds since 1970. */
  readonly refreshSentAt?: number;
  /** Named secrets of the host's own, in a row beside the credential's; `secretVersion` above is the last one given. */
  readonly secrets?: readonly NamedSecretRecord[];
}

/** A named secret of a connection, that the host keeps there. */
export interface NamedSecretRecord {
  readonly key: string;
  /** The vault's envelope, base64. */
  readonly sealed: string;
  /** Raised with every new value; part of what the vault binds to. */
  readonly secretVersion: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** An automation's head: name, current version, whether it runs. */
export interface AutomationRecord {
  readonly name: string;
  readonly version: number;
  readonly enabled: boolean;
  /** The definition as JSON; parsed above this layer. */
  readonly definition: Json;
}

/** One version of an automation; never changed. */
export interface AutomationVersionRecord {
  readonly automation: string;
  readonly version: number;
  readonly definition: Json;
  readonly createdAt: number;
}

/** A webhook registration of a connection. */
export interface RegistrationRecord {
  readonly connector: string;
  readonly connection: string;
  /** Trigger names; a delivery of others is acknowledged and makes no event. */
  readonly triggers: readonly string[];
  /** Sealed secrets, base64, each valid between two times (milliseconds since 1970, `null`: no end). */
  readonly secrets: readonly { readonly id: string; readonly sealed: string; readonly notAfter: number | null }[];
  readonly createdAt: number;
}

/** A named host function that receives events. Belongs to the hub, not to a tenant. */
export interface SubscriberRecord {
  readonly name: string;
  readonly pattern: string;
}

/** A wrapped data key of a tenant. */
export interface TenantKeyRecord {
  readonly keyId: string;
  readonly version: number;
  /** The vault's wrapped form, base64; empty once it has been destroyed. */
  readonly wrapped: string;
  /** On the first version alone: the least version whose envelopes still open. Absent: 1. */
  readonly minimum?: number;
}

/** Where an authorization server is asked: at both addresses, or, where neither is said, at those that the metadata of its `issuer` names. */
export interface AppEndpoints {
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
  readonly revocationUrl?: string;
  readonly issuer?: string;
}

/** A tenant's own registration as a client of a service's authorization server. Its row's version is the version that flows are bound to. */
export interface AppRecord {
  readonly connector: string;
  readonly clientId: string;
  /** The vault's envelope of the client's secret, base64; `null` for a client without. */
  readonly sealed: string | null;
  /** The vault's envelope of its private key, base64, and by what id the server knows it; absent for a client without. */
  readonly sealedKey?: string;
  readonly keyId?: string;
  readonly secretVersion: number;
  /** Where they differ from the connector's. */
  readonly endpoints: AppEndpoints | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

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
  /** Tenant of a registration, for the webhook's URL. The only look-up without a tenant besides the next. */
  locateRegistration(id: string): Promise<string | null>;
  /** Connections (their ids) of all tenants with this account at this connector, for webhooks of one URL per app. At most 1,000. */
  locateAccount(connector: string, externalAccountId: string): Promise<readonly { readonly tenant: string; readonly connection: string }[]>;
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
