import type { Connector } from '../connector/connector-definition.ts';
import { flagValues } from '../connector/connector-values.ts';
import type { FlagDeclaration } from '../connector/flag-declaration.ts';
import type { ConnectorChoices } from '../contracts/configuration-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { type ChangeOptions, changeChoices, choicesRow } from './change-choices.ts';
import type { TenantScope } from './tenant-services.ts';
import type { ConnectorId, FlagName } from './typed-configuration.ts';

/** A flag as it stands for a tenant. */
export interface FlagState {
  readonly name: string;
  readonly description: string;
  readonly on: boolean;
  /** The tenant has set it; else it is as the connector says. */
  readonly isSet: boolean;
}

/** A tenant's feature flags of connectors. */
export interface FlagsApi<C extends Connector> {
  /** All flags of a connector, in the order in which it declares them. */
  list(connector: ConnectorId<C>): Promise<readonly FlagState[]>;
  /** Whether one is on: at once where it was set in this process, within a second where it was in another. */
  isOn<Id extends ConnectorId<C>>(connector: Id, flag: FlagName<C, Id>): Promise<boolean>;
  /** Sets flags of a connector in one change; `null` leaves one to the connector again. Throws `invalid_argument` and `conflict`. */
  set<Id extends ConnectorId<C>>(
    connector: Id,
    flags: { readonly [Name in FlagName<C, Id>]?: boolean | null },
    options?: ChangeOptions,
  ): Promise<readonly FlagState[]>;
}

/** Milliseconds for which a look at what other processes have set is believed. */
const trustedFor = 1_000;

/** The flags part of a tenant's handle. */
export function flagsApi<C extends Connector>(scope: TenantScope): FlagsApi<C> {
  const { tenant, registry, cache } = scope;
  return {
    async list(id) {
      const connector = registry.get(id);
      return statesOf(connector, (await choicesRow(scope, connector))?.value);
    },
    async isOn(id, flag) {
      const connector = registry.get(id);
      checkFlag(connector, flag, null);
      await scope.ready();
      const choices = (await cache.recent(tenant, trustedFor)).choices(connector.id);
      return flagValues(connector.flags ?? {}, choices?.flags ?? {})[flag] ?? false;
    },
    async set(id, flags, options = {}) {
      const connector = registry.get(id);
      const given = Object.entries<unknown>(flags).filter(([, on]) => on !== undefined);
      for (const [name, on] of given) checkFlag(connector, name, on);
      const row = await changeChoices(scope, connector, {
        ...options,
        change: (now) => ({ ...now, flags: merged(now.flags, given) }),
      });
      return statesOf(connector, row?.value);
    },
  };
}

function merged(now: ConnectorChoices['flags'], given: readonly (readonly [string, unknown])[]): ConnectorChoices['flags'] {
  const all: Record<string, unknown> = { ...now, ...Object.fromEntries(given) };
  return Object.fromEntries(Object.entries(all).flatMap(([name, on]) => (isSwitch(on) ? [[name, on]] : [])));
}

const isSwitch = (on: unknown): on is boolean => typeof on === 'boolean';

function checkFlag({ id, flags = {} }: Connector, name: string, on: unknown): void {
  if (!Object.hasOwn(flags, name)) {
    const there = Object.keys(flags).join(', ') || 'none';
    throw new PatchbayError({ code: 'invalid_argument', message: `The connector ${id} has no such flag. Its flags: ${there}.` });
  }
  if (isSwitch(on) || on === null) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `The flag ${name} of ${id} is true, false, or null to leave it to the connector.`,
  });
}

function statesOf({ flags = {} }: Connector, choices: ConnectorChoices | undefined): readonly FlagState[] {
  const set = choices?.flags ?? {};
  const values = flagValues(flags, set);
  return Object.entries<FlagDeclaration>(flags).map(([name, { description }]) => ({
    name,
    description,
    on: values[name] ?? false,
    isSet: Object.hasOwn(set, name),
  }));
}
