import type { Credential } from '../connector/auth-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { Confinement } from '../connector/leaves-confinement.ts';
import type { LimitDeclaration } from '../contracts/limit-declaration.ts';
import type { Json } from '../json/json.ts';

/** What a host says to connect an account. */
export interface ConnectionInput {
  /** Id of a registered connector. */
  readonly connector: string;
  /** Major of the connector that a new connection is pinned to; one that is there keeps its own. @default the newest that is registered */
  readonly major?: number;
  readonly credential: Credential;
  /** As the connector's settings schema wants them, such as Jira's site. @default {} */
  readonly settings?: Readonly<Record<string, Json>>;
  /** Host user who made it. */
  readonly owner?: string;
  /**
   * The account at the service. Whoever has it receives the account's events of a service that posts to one URL per app, so take it from the
   * service itself (`connections.test` tells it), never from what a person typed.
   */
  readonly externalAccount?: { readonly id: string; readonly name?: string };
  readonly metadata?: Readonly<Record<string, Json>>;
  /**
   * What the service lets this credential do, as it says. An action that needs more is refused before it is sent. @default unknown: nothing is
   * compared, and the service decides. Of client credentials it tells itself when it gives a token, and that holds.
   */
  readonly grantedScopes?: readonly string[];
  /**
   * Names of resources by the connector's kinds, `{ repository: ['octocat/hello-world'] }`: others are refused, in and out, and so is what names
   * none or cannot be told. An empty list allows none of the kind; `null` lifts the confinement. @default what it is confined to already, which is nothing for a new one
   */
  readonly confinedTo?: Confinement | null;
  /**
   * Limits of the host's own that it is held to, beside those of its service: `[{ name: 'ours', requests: 10, windowMs: 1_000 }]`. `null` takes them
   * away. @default as before, which is none for a new one
   */
  readonly limits?: readonly LimitDeclaration[] | null;
  /** When the credential ends, milliseconds since 1970: somebody is reminded before, and it is used no more afterwards. @default nobody has said */
  readonly expiresAt?: number;
  /**
   * Asks the service with the credential first, as `connections.test` does: one that is refused, or belongs to another account than the one that is
   * known, changes nothing. @default false
   */
  readonly check?: boolean;
}

/** Where a connection is put. */
export interface ConnectionPlace {
  readonly tenant: string;
  readonly name: string;
  readonly connector: Connector;
  /** Set where the credential is a grant that was given just now: an account told before may be another one. */
  readonly grant?: {
    /** Id of a connection that is not there yet. */
    readonly newId: string;
    /** Which of several sites it is to is still to be chosen. */
    readonly awaitsSite: boolean;
  };
}
