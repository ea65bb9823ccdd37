import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import { sameRevision } from '../../configuration/same-revision.ts';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import { connectorValues } from '../../connector/connector-values.ts';
import type { Revision } from '../../contracts/hot-store.ts';
import type { Json } from '../../json/json.ts';
import type { AskConnector } from './ask-connector.ts';
import { configurationAt } from './configuration-at.ts';
import type { DeliverySource } from './delivery-source.ts';

/** One event of a delivery, for one tenant. */
export interface OfferedEvent {
  readonly tenant: string;
  readonly connector: DeliverySource;
  readonly trigger: string;
  readonly data: Json;
}

/** What looking needs. */
export interface WantedOptions {
  readonly cache: Pick<ConfigurationCache, 'peek' | 'read' | 'current'>;
  readonly askConnector: AskConnector;
}

/** Thrown inside the hub to keep an event out that the tenant does not want; nobody outside sees it. */
export class UnwantedEvent extends Error {}

/**
 * Throws {@link UnwantedEvent} where the tenant has turned the event's trigger off, or has set not to take such an event, and
 * `configuration_invalid` where a trigger would have to be asked about values that do not fit its connector.
 */
export async function requireWanted(options: WantedOptions, revision: Revision, offered: OfferedEvent): Promise<void> {
  const { cache, askConnector } = options;
  const cached = cache.peek(offered.tenant);
  // Nearly every event ends here, without a turn: nothing is off, and its trigger takes all.
  if (cached && sameRevision(cached.revision, revision) && isTaken(cached, offered)) return;
  const configuration = await configurationAt(cache, offered.tenant, revision);
  try {
    await look(askConnector, configuration, offered);
  } catch (error) {
    // What is kept out never reaches the commit, which compares revisions: so it is kept out only by what holds now.
    const current = await cache.current(offered.tenant);
    if (sameRevision(current.revision, configuration.revision)) throw error;
    await look(askConnector, current, offered);
  }
}

function isTurnedOff(configuration: TenantConfiguration, { connector, trigger }: OfferedEvent): boolean {
  return configuration.choices(connector.id)?.off.triggers.includes(trigger) ?? false;
}

const isTaken = (configuration: TenantConfiguration, offered: OfferedEvent): boolean =>
  offered.connector.triggers[offered.trigger]?.accepts === undefined && !isTurnedOff(configuration, offered);

async function look(askConnector: AskConnector, configuration: TenantConfiguration, offered: OfferedEvent): Promise<void> {
  if (isTurnedOff(configuration, offered)) throw new UnwantedEvent();
  if (isTaken(configuration, offered)) return;
  const { connector, trigger, data } = offered;
  const choices = configuration.choices(connector.id);
  const definition = connector.triggers[trigger];
  const values = connectorValues(connector.definition, choices);
  const accepts = await askConnector(connector.id, () => definition?.accepts?.({ data, ...values }) ?? true);
  if (!accepts) throw new UnwantedEvent();
}
