import type { Json } from '../json/json.ts';
import type { AuditActor } from './audit-store.ts';
import type { LimitDeclaration } from './limit-declaration.ts';

/** Status of a connection; the words of the spec. */
export type ConnectionStatus = 'initializing' | 'active' | 'token_expired' | 'token_invalid' | 'disconnected' | 'error';

/** One account at a service, of one tenant. */
export interface ConnectionRecord {
  readonly connector: string;
  /** Major of the connector that it was made with or moved to: all that goes through it uses that one. Absent in records of before: the lowest that is registered. */
  readonly major?: number;
  /** How it stood in majors that it was moved away from, while that holds: work that was begun there ends there. `by` is of the one move. Absent: none. */
  readonly movedFrom?: Readonly<Record<string, Pick<ConnectionRecord, 'settings' | 'confinedTo'> & { readonly by: string }>>;
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
  /** Limits that the host holds it to; absent where there are none. */
  readonly limits?: readonly LimitDeclaration[];
  /** Why it is not active; absent where it is, or nobody has said. */
  readonly statusReason?: string;
  /** The last look at the service; absent before the first. */
  readonly lastCheck?: ConnectionCheck;
  /** When its credential ends, as the host says, milliseconds since 1970; absent where nobody has said. */
  readonly credentialExpiresAt?: number;
  /** Days before that end of the last reminder; absent before the first. */
  readonly remindedDays?: number;
  /** Until when the credential before this one is kept, milliseconds since 1970; absent where none is. */
  readonly previousUntil?: number;
  /** When the hub looks by itself at its webhooks at the service, milliseconds since 1970; absent where it has registered none there. */
  readonly registrationsDueAt?: number;
  /** Since when its webhooks are refused because it is paused with them, milliseconds since 1970; absent where they are taken in. */
  readonly inboundPausedAt?: number;
  /** Somebody has asked that a person connect the account again; absent where nobody has since it got its credential. */
  readonly reconnectAsked?: ReconnectAskedRecord;
  /** When the hub looks at it by itself, a whole number of milliseconds since 1970; absent where it need not. */
  readonly dueAt?: number;
  /** What of its service goes into the host's search index, by source; absent where nothing does. */
  readonly content?: Readonly<Record<string, ContentSyncRecord>>;
}

/** One source of content that goes into the host's search index. */
export interface ContentSyncRecord {
  /** Another one for each time that it is switched on. */
  readonly id: string;
  /** Containers that the host has named, in their one writing; empty: all that the connection may touch. */
  readonly containers: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A wish that an account be connected again. */
export interface ReconnectAskedRecord {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** For the person; it holds no secret. */
  readonly message: string;
}

/** What a look at the service showed. */
export interface ConnectionCheck {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly healthy: boolean;
  /** For a person; it holds no secret. */
  readonly message: string;
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
  /**
   * Milliseconds since 1970 before which nobody sends the refresh token again: whoever sent it last had no answer, and the server may be working on it
   * still. @default nobody sent it in vain
   */
  readonly refreshAgainAt?: number;
  /** The credential before this one, while it is kept. */
  readonly previous?: PreviousCredentialRecord;
  /** Named secrets of the host's own, in a row beside the credential's; `secretVersion` above is the last one given. */
  readonly secrets?: readonly NamedSecretRecord[];
}

/** A credential that another has taken the place of. */
export interface PreviousCredentialRecord {
  readonly kind: string;
  /** The vault's envelope, base64. */
  readonly sealed: string;
  readonly secretVersion: number;
  /** What was said of it, which a roll back brings back. */
  readonly grantedScopes?: readonly string[];
  readonly expiresAt?: number;
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
  /**
   * From when its schedule counts, milliseconds since 1970 on the store's clock: since it was put, changed or enabled. Times before it are nobody's to
   * catch up. Absent where it has none.
   */
  readonly scheduledSince?: number;
}

/** One version of an automation; never changed. */
export interface AutomationVersionRecord {
  readonly automation: string;
  readonly version: number;
  readonly definition: Json;
  readonly createdAt: number;
}

/** A mapping's head: current version and definition. */
export interface MappingRecord {
  /** Counts changes of the definition from 1. */
  readonly version: number;
  /** The definition as JSON; parsed above this layer. */
  readonly definition: Json;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** One version of a mapping; never changed. */
export interface MappingVersionRecord extends MappingRecord {
  /** The mapping's id. */
  readonly mapping: string;
}

/** An enricher of a connector that a tenant has asked for. */
export interface EnrichmentRecord {
  /** `{connector}.{enricher}`. */
  readonly enricher: string;
  /** Id of the connection that it asks through. */
  readonly connection: string;
  /** Patterns of event types. */
  readonly events: readonly string[];
  /** Before events are routed, and not only over history. */
  readonly live: boolean;
  /** Milliseconds that an event waits for it. */
  readonly budgetMs: number;
  /** Milliseconds since 1970. */
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

/** What a tenant has set for a connector. */
export interface ConnectorChoices {
  /** As they were given; the connector's schema parses them whenever they are used. */
  readonly values: Readonly<Record<string, Json>>;
  /** Feature flags that were set; the rest are as the connector says. */
  readonly flags: Readonly<Record<string, boolean>>;
  /** Names of actions and triggers that are turned off, sorted. */
  readonly off: { readonly actions: readonly string[]; readonly triggers: readonly string[] };
}

/** What a tenant has set for a connector, as it is now. The row has the connector's id for its id and name. */
export interface ConnectorConfigurationRecord extends ConnectorChoices {
  /** Counts the changes from 1; the record of each stands beside it under this number. */
  readonly revision: number;
}

/** One change of it. Rows come in order of ids with the newest first. */
export interface ConnectorChangeRecord {
  readonly connector: string;
  /** The revision that it made. */
  readonly revision: number;
  readonly actor: AuditActor;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `null` before the first. Values that the connector marks as sensitive are replaced. */
  readonly before: ConnectorChoices | null;
  readonly after: ConnectorChoices;
  /** What differs between the two, also where both are replaced: `values.project`, `flags.quiet_hours`, `off.actions.create_issue`. */
  readonly changed: readonly string[];
}
