import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { Revision } from '../../contracts/hot-store.ts';

/** Whose delivery it is. */
export interface DeliveryPlace {
  readonly tenant: string;
  /** Registration's id, or `app:{connector}`. */
  readonly registration: string;
  readonly connection: string;
  /** Triggers that are wanted; `null`: all. */
  readonly triggers: readonly string[] | null;
  /** Throws where the delivery may not come in under this revision of the configuration; answers the configuration. */
  readonly admit: (revision: Revision) => Promise<TenantConfiguration>;
}
