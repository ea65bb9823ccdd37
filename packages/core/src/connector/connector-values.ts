import type { ConnectorChoices } from '../contracts/configuration-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import type { AnyDefinition } from './connector-definition.ts';
import type { Flags } from './flag-declaration.ts';
import { parseNow } from './parse-with.ts';

/** What connector code is handed of what a tenant has set. */
export interface ConnectorValues {
  readonly configuration: Readonly<Record<string, Json>>;
  readonly flags: Readonly<Record<string, boolean>>;
}

type Declared = Pick<AnyDefinition, 'id' | 'configuration' | 'flags'>;

/** True where a connector's code depends on what tenants set. */
export const readsChoices = ({ configuration, flags }: Declared): boolean => configuration !== undefined || flags !== undefined;

/**
 * The tenant's values as the connector's code of today sees them: parsed by its schema, with its defaults. Throws `configuration_invalid` where
 * they do not fit it, such as those that were stored for an older version: nothing is done with values that nobody has checked.
 */
export function connectorValues(definition: Declared, choices: ConnectorChoices | undefined): ConnectorValues {
  return {
    configuration: parsedValues(definition, choices?.values ?? {}),
    flags: flagValues(definition.flags ?? {}, choices?.flags ?? {}),
  };
}

/** Values of a configuration by its connector's schema. Throws `configuration_invalid`, which names the faulty places and not their values. */
export function parsedValues({ id, configuration }: Declared, values: ConnectorChoices['values']): ConnectorValues['configuration'] {
  if (configuration === undefined) return {};
  const parsed: unknown = parseNow(configuration, values, {
    code: 'configuration_invalid',
    what: `The tenant's configuration of ${id}`,
    advice: `Nothing is done with it. Put it as this version of the connector wants it: tenant.configuration.put('${id}', …).`,
  });
  if (isJsonObject(parsed)) return parsed;
  throw new PatchbayError({
    code: 'connector_invalid',
    message: `The configuration schema of ${id} does not give an object. Report it to its author.`,
  });
}

/** Every declared flag, as it was set or as the connector says; one that is declared no more is left out. */
export function flagValues(flags: Flags, set: ConnectorChoices['flags']): ConnectorValues['flags'] {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, (Object.hasOwn(set, name) ? set[name] : flag.default) ?? false]),
  );
}
