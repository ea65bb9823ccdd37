import type { Clock } from '../clock/clock.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { FlowStore } from '../contracts/flow-store.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Logger } from '../logger/logger.ts';
import type { Network } from '../net/create-network.ts';
import type { ServerTurns } from '../oauth/create-server-turns.ts';
import type { OAuthClientOptions } from './find-oauth-client.ts';
import type { PutConnectionOptions } from './put-connection.ts';

/** What connecting an account with OAuth needs. */
export interface ConnectOptions extends OAuthClientOptions, Omit<PutConnectionOptions, 'admit' | 'checkCredential'> {
  readonly store: PutConnectionOptions['store'];
  readonly vault: PutConnectionOptions['vault'];
  readonly flows: FlowStore;
  readonly registry: Pick<ConnectorRegistry, 'find' | 'get' | 'getFor'>;
  readonly network: Pick<Network, 'request'>;
  readonly clock: Clock;
  readonly turns: ServerTurns;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly generateId: GenerateId;
  /** A new text of 256 random bits, base64url. */
  readonly randomName: () => string;
  /** Origins to which a person may be sent back, besides that of the hub's own address. */
  readonly returnOrigins: readonly string[];
}
