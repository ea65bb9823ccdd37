import type { AddressRange } from '../../../net/address-range.ts';
import type { DoorLimits } from './door-limits.ts';

/** Whom the door lets come near. */
export interface DoorPolicy {
  readonly limits: DoorLimits;
  /** Addresses from which webhooks are taken, by connector id. A connector that is not in it takes them from everywhere. */
  readonly addresses: ReadonlyMap<string, readonly AddressRange[]>;
  /** Keys that a body may have, unless its connector says more. */
  readonly maximumKeys: number;
}
