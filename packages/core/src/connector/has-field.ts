import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';

/** Has an object by this JSON Schema, or by one of its choices, the field at a path with dots? */
export function hasField(schema: JsonObject, path: string): boolean {
  return hasMember(schema, schema, path.split('.'));
}

function hasMember(root: JsonObject, schema: Json | undefined, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  if (!isJsonObject(schema)) return false;
  const { properties, $ref: reference } = schema;
  if (typeof reference === 'string') return hasMember(root, referred(root, reference), [name, ...rest]);
  if (isJsonObject(properties) && Object.hasOwn(properties, name)) return hasMember(root, properties[name], rest);
  const choices = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => schema[key] ?? []);
  return choices.some((choice) => hasMember(root, choice, [name, ...rest]));
}

function referred(root: JsonObject, reference: string): Json | undefined {
  const { $defs: definitions } = root;
  const name = reference.replace('#/$defs/', '');
  return isJsonObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}
