import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { jsonSchemaOf } from './json-schema-of.ts';
import type { Schema } from './schema.ts';

/** The properties of a connector's configuration. */
export interface ConfigurationProperties {
  readonly names: ReadonlySet<string>;
  /** Those whose values stand in no history. */
  readonly sensitive: ReadonlySet<string>;
  /** Those that are marked as secrets. */
  readonly secret: readonly string[];
  /** Marks that stand deeper than on a property of the top, where they would not be seen. */
  readonly hasHiddenMarks: boolean;
}

/**
 * Reads the properties off the JSON Schema of a configuration. `undefined` for what is no object schema with named properties alone. Throws
 * `connector_invalid` for a schema that cannot be described.
 */
export function configurationProperties(schema: Schema, connector: string): ConfigurationProperties | undefined {
  const described = jsonSchemaOf(schema, 'input', `the configuration of ${connector}`);
  const { type, properties = {}, additionalProperties = false, ...rest } = described;
  if (type !== 'object' || !isJsonObject(properties) || additionalProperties !== false) return undefined;
  const all = Object.entries(properties);
  return {
    names: new Set(Object.keys(properties)),
    sensitive: new Set(all.flatMap(([name, property]) => (isMarked(property, isSensitive) ? [name] : []))),
    secret: all.flatMap(([name, property]) => (isMarked(property, isSecret) ? [name] : [])),
    hasHiddenMarks: [rest, ...all.map(([, property]) => withoutMarks(property))].some(holdsMark),
  };
}

const isSensitive = (schema: JsonObject): boolean => schema['sensitive'] === true;

/** What this project's authors write, and the two ways in which JSON Schema and OpenAPI say it. */
const isSecret = (schema: JsonObject): boolean =>
  schema['secret'] === true || schema['writeOnly'] === true || schema['format'] === 'password';

const isMarked = (schema: Json | undefined, mark: (schema: JsonObject) => boolean): boolean => isJsonObject(schema) && mark(schema);

function withoutMarks(schema: Json | undefined): Json {
  if (!isJsonObject(schema)) return null;
  const { sensitive: _sensitive, secret: _secret, writeOnly: _writeOnly, format: _format, ...rest } = schema;
  return rest;
}

/** Values that a schema holds as examples of themselves: what stands in them is no mark. */
const notSchemas: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'examples']);

function holdsMark(part: Json): boolean {
  if (Array.isArray(part)) return part.some(holdsMark);
  if (!isJsonObject(part)) return false;
  if (isSensitive(part) || isSecret(part)) return true;
  return Object.entries(part).some(([name, inner]) => !notSchemas.has(name) && inner !== undefined && holdsMark(inner));
}
