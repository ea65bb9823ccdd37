import type { Clock } from '../clock/clock.ts';
import type { HeldCredential } from '../connections/held-credential.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { Transforms } from '../connector/transform.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { DispatchKey } from '../contracts/dispatch-records.ts';
import type { IdempotencyClass, IdempotencyKey } from '../contracts/idempotency.ts';
import type { Network } from '../net/create-network.ts';
import type { Notify } from '../notices/notices.ts';
import type { ResponseCache } from './cache/response-cache.ts';
import type { CallGuard } from './call-guard.ts';
import type { PreparedConnections } from './prepared-connection.ts';
import type { ConnectorWatch } from './resilience/create-connector-watch.ts';
import type { SafeRetries } from './resilience/safe-retries.ts';
import type { RequestSigners } from './signing/choose-signing.ts';

/** What the gateway needs. */
export interface GatewayOptions {
  readonly network: Pick<Network, 'request' | 'stream'>;
  readonly clock: Clock;
  readonly notify: Notify;
  /** Largest answer that is read, bytes. @default 10,485,760 */
  readonly maximumResponseBytes: number;
  /** What each request passes, in this order. */
  readonly guards: readonly CallGuard[];
  /** What sends a request again. @default each is sent once */
  readonly retries?: SafeRetries;
  /** What is told when a connector's code is about to run. @default nobody */
  readonly watch?: Pick<ConnectorWatch, 'mark'>;
  /** Those that connectors may name. */
  readonly signers: RequestSigners;
  /** Answers that are kept. @default none are */
  readonly responseCache?: ResponseCache;
  /** The host's own, by connector id. @default none */
  readonly transforms?: ReadonlyMap<string, Transforms>;
  /** What is remembered of opened credentials: an empty WeakMap to begin with. */
  readonly prepared: PreparedConnections;
}

/** One use of a connection: an action, a health check, a request of the host. */
export interface SessionOptions {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly definition: AnyDefinition;
  readonly credential: HeldCredential;
  /** Who makes the requests: the connector's code, or the host, whose paths are held one by one against what the connection is confined to. */
  readonly author: 'connector' | 'host';
  /** Name of the action that is executed. @default none: a direct request, a health check */
  readonly operation?: string;
  /** Class of that action: with it a request may be sent again that changes something. @default only one that reads is */
  readonly idempotency?: IdempotencyClass;
  /** False: each request is sent once, whatever becomes of it. @default true */
  readonly mayRetry?: boolean;
  /** The dispatch that it serves. @default none */
  readonly dispatch?: DispatchKey;
  /** Number of the attempt at it. @default 1 */
  readonly attempt?: number;
  /** Milliseconds for which guards may hold a request back. @default 2,000, and never beyond its end */
  readonly maximumWaitMs?: number;
  /** The host's own for this call. @default none */
  readonly transforms?: Transforms;
  readonly signal: AbortSignal;
  /** Monotonic time after which nothing is sent; asked before each request. */
  readonly deadline: () => number;
  /** Monotonic time at which a request under way is given up; before it the signal may do so. @default the deadline at the time of sending */
  readonly endsAt?: () => number;
  /** Key of the first writing request; `null`: a further write needs no child key (the host's own requests). */
  readonly key: IdempotencyKey | null;
}
