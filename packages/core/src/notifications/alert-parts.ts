import type { Clock } from '../clock/clock.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import type { Storage } from '../contracts/storage.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { Publisher } from '../events/create-publisher.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Logger } from '../logger/logger.ts';
import type { Notify } from '../notices/notices.ts';
import type { AlertRuleMemory } from './compiled-alert-rules.ts';

/** How often one channel is used: so many tellings within so many milliseconds, over all processes. What comes beyond waits. */
export interface ChannelRoom {
  readonly count: number;
  readonly windowMs: number;
}

/** How events reach endpoints and calls reach connectors; bound by the hub, because planning them is another room's. */
export interface AlertDoors {
  /** `null`: the endpoint receives nothing now, or is not there. */
  readonly endpointDispatch: (
    configuration: TenantConfiguration,
    telling: { readonly endpoint: string; readonly event: HubEvent },
  ) => NewDispatch | null;
  readonly actionHandler: (connector: string, version: string) => string;
}

/** What alerts stand on. */
export interface AlertParts {
  readonly storage: Pick<Storage<unknown>, 'states' | 'journal'>;
  readonly cache: ConfigurationCache;
  readonly registry: Pick<ConnectorRegistry, 'find' | 'findFor'>;
  readonly publisher: Pick<Publisher, 'ingest'>;
  readonly clock: Clock;
  readonly generateId: GenerateId;
  readonly notify: Notify;
  readonly logger: Logger;
  readonly doors: AlertDoors;
  readonly room: ChannelRoom;
  /** Rules compiled so far. */
  readonly memory: AlertRuleMemory;
}
