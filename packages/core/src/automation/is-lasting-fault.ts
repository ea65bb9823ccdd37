import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { isTemplated } from './is-templated.ts';

/** What JSON Schema says by these depends on the whole value, and so perhaps on a template. */
const choices = ['anyOf', 'oneOf', 'allOf', 'not', 'if', '$dynamicRef', 'patternProperties', 'prefixItems', 'unevaluatedProperties'];

/**
 * Whether a fault that a schema found at a path stays, whatever the templates of the input come to. Sure only where the schema's JSON
 * Schema says plainly, all the way down, that a required member is missing, that a member is unknown, or that a constant has another type
 * or none of the values that it may have.
 */
export function isLastingFault(described: JsonObject, input: Json, path: readonly PropertyKey[]): boolean {
  let schema = plainSchema(described, described);
  let value: Json | undefined = input;
  let isRequired = true;
  for (const key of path) {
    if (schema === undefined || typeof value !== 'object' || value === null) return false;
    const inner = innerSchema(schema, key);
    isRequired = isListed(schema['required'], key);
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
    schema = plainSchema(inner, described);
  }
  if (value === undefined) return isRequired && schema !== undefined;
  return schema !== undefined && !isTemplated(value) && (hasUnknownMember(schema, value) || isOther(schema, value));
}

/** The schema with its reference followed; `undefined` for one that leaves a choice. */
function plainSchema(schema: Json | undefined, root: JsonObject): JsonObject | undefined {
  const reference = isJsonObject(schema) ? schema['$ref'] : undefined;
  if (typeof reference === 'string') return reference === '#' ? withoutChoice(root) : withoutChoice(definitionOf(root, reference));
  return withoutChoice(schema);
}

function withoutChoice(schema: Json | undefined): JsonObject | undefined {
  return isJsonObject(schema) && !choices.some((name) => Object.hasOwn(schema, name)) && !Object.hasOwn(schema, '$ref')
    ? schema
    : undefined;
}

function definitionOf({ $defs }: JsonObject, reference: string): Json | undefined {
  const name = reference.startsWith('#/$defs/') ? reference.slice('#/$defs/'.length) : '';
  return isJsonObject($defs) && Object.hasOwn($defs, name) ? $defs[name] : undefined;
}

function innerSchema({ properties, items }: JsonObject, key: PropertyKey): Json | undefined {
  if (typeof key === 'number') return items;
  return typeof key === 'string' && isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function isListed(names: Json | undefined, key: PropertyKey): boolean {
  return Array.isArray(names) && names.some((name) => name === key);
}

function hasUnknownMember({ properties, additionalProperties }: JsonObject, value: Json): boolean {
  if (additionalProperties !== false || !isJsonObject(properties) || !isJsonObject(value)) return false;
  return Object.keys(value).some((name) => !Object.hasOwn(properties, name));
}

/** Of another type than the schema names, or none of the values that it lists. */
function isOther({ type, enum: values, const: constant }: JsonObject, value: Json): boolean {
  const types = [type].flat().filter((name) => typeof name === 'string');
  if (types.length > 0 && !types.some((name) => isOfType(value, name))) return true;
  if (typeof value === 'object' && value !== null) return false;
  return Array.isArray(values) ? !values.includes(value) : constant !== undefined && constant !== value;
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
