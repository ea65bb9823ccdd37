import type { Connector } from '../../connector/connector-definition.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import type { RegistrationRules } from '../../contracts/webhook-records.ts';

/** A registration as it is to be. */
export interface RegisterInput {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly connector: Connector;
  readonly triggers: readonly string[];
  /**
   * The secret of one that a person sets up at the provider; absent: the hub registers by the provider's API, with a secret of its own, or the
   * connector's webhooks are `dangerouslyUnverified`.
   */
  readonly secret?: string | undefined;
  /** From when a new secret verifies, milliseconds since 1970. @default at once */
  readonly notBefore?: number | undefined;
  /** Milliseconds for which the secrets before still hold, from when the new one does; 0 to 30 days. @default 24 hours */
  readonly overlapMs?: number | undefined;
  /** What at the provider it is for, where the hub registers it. */
  readonly target?: string;
  /** What becomes of its events. @default they stay as they were */
  readonly rules?: RegistrationRules;
}
