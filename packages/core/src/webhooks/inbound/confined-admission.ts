import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import { leavesConfinement, useOf } from '../../connector/leaves-confinement.ts';
import { namedResources } from '../../connector/named-resources.ts';
import type { ConnectionRecord } from '../../contracts/configuration-records.ts';
import type { Revision } from '../../contracts/hot-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Json } from '../../json/json.ts';
import type { DeliverySource } from './delivery-source.ts';

/** Whose event it is, and what else lets it in. */
export interface ConfinedPlace {
  readonly tenant: string;
  readonly connection: string | null;
  readonly admit: (revision: Revision) => Promise<TenantConfiguration>;
}

/** An event on its way in. */
export interface ArrivingEvent {
  readonly connector: DeliverySource;
  readonly trigger: string;
  /** As it will be stored. */
  readonly data: Json;
}

/** What letting it in needs. */
export interface ConfinedAdmissionOptions {
  readonly cache: Pick<ConfigurationCache, 'current'>;
  readonly place: ConfinedPlace;
  readonly event: ArrivingEvent;
}

/** Ends the intake of one event, and is caught by {@link ConfinedAdmission.droppedBy}: nothing has failed. */
class OutsideError extends PatchbayError {
  readonly kind: string;

  constructor(kind: string) {
    super({
      code: 'resource_refused',
      message: `The event is of no ${kind} that the connection is confined to. Nothing needs to be done.`,
    });
    this.kind = kind;
  }
}

/** Lets one event in where its place does and its connection is not confined to other resources; answers under which configuration. */
export interface ConfinedAdmission {
  readonly admit: (revision: Revision) => Promise<TenantConfiguration>;
  /** The kind of resource for whose sake it was not let in. Throws what is any other failure. */
  readonly droppedBy: (thrown: unknown) => { readonly dropped: string };
}

/**
 * Looks at the confinement under the very revision with which the event is going to be committed, so that a change of it holds for every event
 * committed afterwards. What is dropped does not come again: only a configuration that holds now says so.
 */
export function confinedAdmission({ cache, place, event }: ConfinedAdmissionOptions): ConfinedAdmission {
  const { tenant, connection, admit } = place;
  const leftIn = (configuration: TenantConfiguration) => kindLeft(event, configuration.connection(connection ?? '')?.value);
  return {
    async admit(revision) {
      const configuration = await admit(revision);
      if (leftIn(configuration) === undefined) return configuration;
      const left = leftIn(await cache.current(tenant));
      if (left !== undefined) throw new OutsideError(left);
      return configuration;
    },
    droppedBy(thrown) {
      if (thrown instanceof OutsideError) return { dropped: thrown.kind };
      throw thrown;
    },
  };
}

function kindLeft({ connector, trigger, data }: ArrivingEvent, connection: ConnectionRecord | undefined): string | undefined {
  const uses = connector.triggers[trigger]?.resources;
  return leavesConfinement(connector.definition.resources, connection?.confinedTo, (kind, id) =>
    namedResources(kind, useOf(uses, id), data),
  );
}
