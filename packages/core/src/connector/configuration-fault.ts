import { configurationProperties } from './configuration-properties.ts';
import type { Flags } from './flag-declaration.ts';
import { isSchema } from './is-schema.ts';
import { jsonSchemaOf } from './json-schema-of.ts';
import type { Schema } from './schema.ts';

const flagShape = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** What a connector lets tenants set, and its parts that read it. */
export interface ConfigurationDeclaration {
  readonly id: string;
  readonly configuration?: Schema | undefined;
  readonly flags?: Flags | undefined;
  readonly actions: Readonly<Record<string, ConfigurationPart>>;
  readonly triggers: Readonly<Record<string, ConfigurationPart>>;
}

interface ConfigurationPart {
  readonly configuration?: Schema | undefined;
  readonly flags?: Flags | undefined;
}

/** What keeps a connector's configuration and flags from working, or `undefined`. Throws `connector_invalid` for a schema that JSON Schema cannot say. */
export function configurationFault(declaration: ConfigurationDeclaration): string | undefined {
  return schemaFault(declaration) ?? flagsFault(declaration.flags) ?? readerFault(declaration);
}

function schemaFault({ id, configuration }: ConfigurationDeclaration): string | undefined {
  if (configuration === undefined) return undefined;
  if (!isSchema(configuration)) return 'its configuration must be a Standard Schema';
  const properties = configurationProperties(configuration, id);
  if (properties === undefined) return 'its configuration must be an object with named properties, such as z.strictObject({ … })';
  const [secret] = properties.secret;
  if (secret !== undefined) {
    return `the property ${secret} of its configuration is a secret, and a configuration is stored and read as plain text; have tenants keep it as a named secret of a connection (tenant.vault.put)`;
  }
  if (properties.hasHiddenMarks)
    return 'its configuration marks something within a property as sensitive or secret; mark the property itself, after optional() and nullable()';
  // Connector code is handed what the schema gives, and may run in another process: it must be JSON too.
  jsonSchemaOf(configuration, 'output', `the configuration of ${id}`);
  return undefined;
}

function flagsFault(flags: Flags | undefined): string | undefined {
  if (flags === undefined) return undefined;
  if (typeof flags !== 'object' || flags === null) return 'its flags must be an object of declarations by name';
  for (const [name, flag] of Object.entries(flags)) {
    if (!flagShape.test(name)) return `the flag name ${name} must be lower_snake_case`;
    if (typeof flag?.description !== 'string') return `the flag ${name} needs a description`;
    if (flag.default !== undefined && typeof flag.default !== 'boolean') return `the default of the flag ${name} must be true or false`;
  }
  return undefined;
}

function readerFault({ configuration, flags, actions, triggers }: ConfigurationDeclaration): string | undefined {
  for (const [name, part] of [...Object.entries(actions), ...Object.entries(triggers)]) {
    if (part?.configuration !== undefined && part.configuration !== configuration)
      return `${name} reads another configuration than the connector declares; name the same schema in both places`;
    if (part?.flags !== undefined && part.flags !== flags)
      return `${name} reads other flags than the connector declares; name the same object in both places`;
  }
  return undefined;
}
