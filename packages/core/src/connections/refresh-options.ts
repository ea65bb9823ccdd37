import type { Clock } from '../clock/clock.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import type { LeaseStore } from '../contracts/control-stores.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Logger } from '../logger/logger.ts';
import type { Network } from '../net/create-network.ts';
import type { ServerTurns } from '../oauth/create-server-turns.ts';
import type { ChangeStatusOptions } from './change-status.ts';
import type { CredentialVault } from './credential-vault.ts';
import type { OAuthClientOptions } from './find-oauth-client.ts';
import type { HeldCredential } from './held-credential.ts';

/** What renewing access tokens needs. */
export interface RefreshOptions extends Omit<OAuthClientOptions, 'store' | 'vault'>, Omit<ChangeStatusOptions, 'store' | 'clock'> {
  readonly store: Pick<ConfigurationStore, 'find' | 'get' | 'write'>;
  readonly vault: Pick<CredentialVault, 'open' | 'openFor' | 'seal'>;
  readonly leases: Pick<LeaseStore, 'acquire' | 'release'>;
  readonly registry: Pick<ConnectorRegistry, 'get' | 'getFor'>;
  readonly network: Pick<Network, 'request'>;
  readonly clock: Clock;
  readonly turns: ServerTurns;
  readonly logger: Pick<Logger, 'warn'>;
  readonly generateId: GenerateId;
  readonly random: () => number;
}

/** A connection with its credential, both rows of one version. */
export interface Grant {
  readonly connection: Row<'connection'>;
  readonly held: Row<'credential'>;
  readonly credential: HeldCredential;
}
