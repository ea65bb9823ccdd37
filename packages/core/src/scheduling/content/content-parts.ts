import type { ReadyConnectionOptions } from '../../actions/ready-connection.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import type { PlanPolicy } from '../../contracts/plan-policy.ts';
import type { SearchIndex } from '../../contracts/search-index.ts';
import type { Storage } from '../../contracts/storage.ts';
import type { GatewayOptions } from '../../gateway/gateway-options.ts';
import type { Notify } from '../../notices/notices.ts';
import type { KeeperParts } from '../keeper.ts';

/** What keeping the host's search index in step needs. */
export interface ContentParts extends KeeperParts, Omit<ReadyConnectionOptions, 'cache'> {
  readonly cache: ConfigurationCache;
  readonly storage: Pick<Storage<unknown>, 'states' | 'now' | 'history' | 'listTenants'>;
  readonly index: SearchIndex;
  readonly gateway: GatewayOptions;
  readonly clock: Clock;
  readonly notify: Notify;
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** `null`: everything is allowed. */
  readonly plans: PlanPolicy | null;
}

/** Milliseconds until another process that has moved on is followed. */
export const againMs = 1_000;

/** Milliseconds for one call of the index. */
export const indexMs = 20_000;
