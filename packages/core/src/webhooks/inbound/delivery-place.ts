import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { Revision } from '../../contracts/hot-store.ts';

/** Whose delivery it is. */
export interface DeliveryPlace {
  readonly tenant: string;
  /** Registration's id, `app:{connector}` or `receiver:{id}`. */
  readonly registration: string;
  /** `null`: it comes through none. */
  readonly connection: string | null;
  /** Triggers that are wanted; `null`: all. */
  readonly triggers: readonly string[] | null;
  /** Throws where the delivery may not come in under this revision of the configuration; answers the configuration. */
  readonly admit: (revision: Revision) => Promise<TenantConfiguration>;
}
