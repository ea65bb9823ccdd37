import type { Clock } from '../clock/clock.ts';
import type { HeldCredential } from '../connections/held-credential.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { IdempotencyKey } from '../contracts/idempotency.ts';
import type { Network } from '../net/create-network.ts';
import type { Notify } from '../notices/notices.ts';
import type { PreparedConnections } from './prepared-connection.ts';
import type { RequestSigners } from './signing/choose-signing.ts';

/** What the gateway needs. */
export interface GatewayOptions {
  readonly network: Pick<Network, 'request'>;
  readonly clock: Clock;
  readonly notify: Notify;
  /** Largest answer that is read, bytes. @default 10,485,760 */
  readonly maximumResponseBytes: number;
  /** Those that connectors may name. */
  readonly signers: RequestSigners;
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
  readonly signal: AbortSignal;
  /** Monotonic time after which nothing is sent; asked before each request. */
  readonly deadline: () => number;
  /** Monotonic time at which a request under way is given up; before it the signal may do so. @default the deadline at the time of sending */
  readonly endsAt?: () => number;
  /** Key of the first writing request; `null`: a further write needs no child key (the host's own requests). */
  readonly key: IdempotencyKey | null;
}
