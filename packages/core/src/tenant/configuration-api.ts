import type { Connector } from '../connector/connector-definition.ts';
import { parsedValues } from '../connector/connector-values.ts';
import type { ConnectorChoices } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { type ChangeOptions, changeChoices, choicesRow } from './change-choices.ts';
import { checkValues } from './check-values.ts';
import { type ConfiguredConnector, configuredConnectors } from './configured-connectors.ts';
import { type ConnectorChange, historyOfChoices, noChoices } from './history-of-choices.ts';
import type { ListOptions, Page } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';
import type { ActionName, ConnectorEventType } from './typed-automation.ts';
import type { ConfigurationInput, ConfigurationOutput, ConnectorId } from './typed-configuration.ts';

/** What a tenant has set for a connector. */
export interface ConnectorConfiguration<Effective = unknown> {
  readonly connector: string;
  /** Counts the changes of values, flags and switches from 1; 0 where nothing was ever set. */
  readonly revision: number;
  /** As they were put. */
  readonly values: ConnectorChoices['values'];
  /** As the connector's code is given them, with its defaults; `null` where they do not fit its schema. */
  readonly effective: Effective | null;
  /** Why they do not fit, and what to do; everything that needs them is refused with it. */
  readonly fault: string | null;
  /** Full names of what is turned off. */
  readonly off: { readonly actions: readonly string[]; readonly events: readonly string[] };
  /** Milliseconds since 1970; `null` where nothing was ever set. */
  readonly updatedAt: number | null;
}

/** An action, or the events of a trigger, by full name. */
export type Switch<C extends Connector> = { readonly action: ActionName<C> } | { readonly event: ConnectorEventType<C> };

/** What a tenant has set for connectors. Every change holds for each event that is committed after it, in every process. */
export interface ConfigurationApi<C extends Connector> {
  get<Id extends ConnectorId<C>>(connector: Id): Promise<ConnectorConfiguration<ConfigurationOutput<C, Id>>>;
  /**
   * Sets the values of a connector, all of them; the same content changes nothing. Throws `invalid_argument` naming the places that its schema does
   * not take, and `conflict` where `ifRevision` is not the last one. They are no place for secrets: those are kept by `vault.put`.
   */
  put<Id extends ConnectorId<C>>(
    connector: Id,
    values: ConfigurationInput<C, Id>,
    options?: ChangeOptions,
  ): Promise<ConnectorConfiguration<ConfigurationOutput<C, Id>>>;
  /** The connectors for which something is set. */
  list(): Promise<readonly ConfiguredConnector[]>;
  /** Who has changed what, the newest first; the last 100 changes of each connector are kept. */
  history(connector: ConnectorId<C>, page?: ListOptions): Promise<Page<ConnectorChange>>;
  /** Refuses an action from now on (`turned_off`), or takes no more events of a trigger: they are acknowledged and dropped. */
  turnOff(what: Switch<C>): Promise<void>;
  turnOn(what: Switch<C>): Promise<void>;
}

/** The configuration part of a tenant's handle. */
export function configurationApi<C extends Connector>(scope: TenantScope): ConfigurationApi<C> {
  const { registry } = scope;
  return {
    async get<Id extends ConnectorId<C>>(id: Id) {
      const connector = registry.get(id);
      return viewOf<ConfigurationOutput<C, Id>>(connector, await choicesRow(scope, connector));
    },
    async put<Id extends ConnectorId<C>>(id: Id, given: ConfigurationInput<C, Id>, options: ChangeOptions = {}) {
      const connector = registry.get(id);
      const values = checkValues(connector.definition, given);
      const row = await changeChoices(scope, connector, { ...options, change: (now) => ({ ...now, values }) });
      return viewOf<ConfigurationOutput<C, Id>>(connector, row);
    },
    async list() {
      await scope.ready();
      return configuredConnectors(scope);
    },
    async history(id, page = {}) {
      const connector = registry.get(id);
      await scope.ready();
      return historyOfChoices(scope, connector.id, page);
    },
    turnOff: (what) => turn(scope, what, true),
    turnOn: (what) => turn(scope, what, false),
  };
}

async function turn(scope: TenantScope, what: { readonly action: string } | { readonly event: string }, isOff: boolean): Promise<void> {
  const { connector, list, name } = placeOf(scope, what);
  await changeChoices(scope, connector, {
    change(now) {
      const others = now.off[list].filter((each) => each !== name);
      return { ...now, off: { ...now.off, [list]: isOff ? [...others, name].sort() : others } };
    },
  });
}

/** Throws `unknown_connector`, `unknown_action` and `unknown_trigger`, naming what exists. */
function placeOf({ registry }: TenantScope, what: { readonly action?: unknown; readonly event?: unknown }) {
  if (typeof what.action === 'string') {
    const { connector, action: name } = registry.resolve(what.action);
    return { connector, list: 'actions', name } as const;
  }
  if (typeof what.event === 'string') {
    const { connector, trigger: name } = registry.resolveTrigger(what.event);
    return { connector, list: 'triggers', name } as const;
  }
  throw new PatchbayError({
    code: 'invalid_argument',
    message: "What is turned on or off is { action: 'github.create_issue' } or { event: 'github.issue.opened' }.",
  });
}

function viewOf<Effective>(connector: Connector, row: Row<'connector_configuration'> | null): ConnectorConfiguration<Effective> {
  const { id } = connector;
  const { values, off } = row?.value ?? noChoices;
  const full = (name: string): string => `${id}.${name}`;
  return {
    connector: id,
    revision: row?.value.revision ?? 0,
    values,
    ...effectiveOf<Effective>(connector, values),
    off: { actions: off.actions.map(full), events: off.triggers.map(full) },
    updatedAt: row?.updatedAt ?? null,
  };
}

function effectiveOf<Effective>(
  { definition }: Connector,
  values: ConnectorChoices['values'],
): Pick<ConnectorConfiguration<Effective>, 'effective' | 'fault'> {
  try {
    // The connector's own schema has parsed it, and its type is the schema's word.
    return { effective: parsedValues(definition, values) as Effective, fault: null };
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'configuration_invalid') return { effective: null, fault: error.message };
    throw error;
  }
}
