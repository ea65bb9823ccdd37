import type { AnyDefinition, Connector } from '../../connector/connector-definition.ts';

/** What reads a delivery: a connector, or a receiver of a tenant's. */
export interface DeliverySource {
  /** What its events' types begin with: `github`, `hook.orders`. */
  readonly id: string;
  readonly triggers: Connector['triggers'];
  readonly definition: Pick<AnyDefinition, 'id' | 'configuration' | 'flags' | 'resources'>;
}
