import type { ConnectionCheck, ConnectionStatus, ReconnectAskedRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { LimitDeclaration } from '../contracts/limit-declaration.ts';
import type { Json } from '../json/json.ts';

/** A connection as the host sees it. Holds no credential. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly connector: string;
  /** Major of the connector that it is pinned to; `null` for one of before, which goes by the lowest that is registered. */
  readonly major: number | null;
  readonly status: ConnectionStatus;
  /** Host user who made it. */
  readonly owner: string | null;
  readonly externalAccountId: string | null;
  readonly externalAccountName: string | null;
  readonly settings: Readonly<Record<string, Json>>;
  readonly metadata: Readonly<Record<string, Json>>;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  /** Scopes that its credential has at the service; `null` where nobody has said. */
  readonly grantedScopes: readonly string[] | null;
  /** Names of resources by kind, as they are compared; `null` where it is not confined. */
  readonly confinedTo: Readonly<Record<string, readonly string[]>> | null;
  /** Limits of the host's own that it is held to. */
  readonly limits: readonly LimitDeclaration[];
  /** Why it is not active: `refused`, `answer_lost`, `expired`, `unhealthy`, `choose_site`; `null` where it is, or nobody has said. */
  readonly statusReason: string | null;
  /** The last look at the service that showed something new, or was more than a minute after the one before; `null` before the first. */
  readonly lastCheck: ConnectionCheck | null;
  /** When its credential ends, as the host has said, milliseconds since 1970; `null` where nobody has. */
  readonly credentialExpiresAt: number | null;
  /** Until when the credential before this one can be brought back, milliseconds since 1970; `null` where none is kept. */
  readonly previousCredentialUntil: number | null;
  /** Somebody has asked that a person connect the account again, and it has no other credential since; `null` where nobody has. */
  readonly reconnectAsked: ReconnectAskedRecord | null;
  /** Enabled automations that start on this connection's events: their trigger names it, or its connector and no connection. */
  readonly activeTriggers: number;
}

/** The host's view of a stored connection. */
export function toConnection(row: Row<'connection'>, activeTriggers: number): Connection {
  const {
    name,
    connector,
    major = null,
    status,
    owner,
    externalAccountId,
    externalAccountName,
    settings,
    metadata,
    connectedAt,
    grantedScopes = null,
    confinedTo = null,
    limits = [],
    statusReason = null,
    lastCheck = null,
    credentialExpiresAt = null,
    previousUntil: previousCredentialUntil = null,
    reconnectAsked = null,
  } = row.value;
  return {
    id: row.id,
    name,
    connector,
    major,
    status,
    owner,
    externalAccountId,
    externalAccountName,
    settings,
    metadata,
    connectedAt,
    grantedScopes,
    confinedTo,
    limits,
    statusReason,
    lastCheck,
    credentialExpiresAt,
    previousCredentialUntil,
    reconnectAsked,
    activeTriggers,
  };
}
