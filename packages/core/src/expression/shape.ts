import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';

/** What is known of a value before it is there: alternatives in JSON Schema (draft 2020-12). `undefined`: nothing, so nothing can be wrong. */
export interface Shape {
  /** One of these fits; each is an object of JSON Schema without `$ref` and without a choice at its top. */
  readonly alternatives: readonly JsonObject[];
  /** Where `$ref` leads. */
  readonly root: JsonObject;
}

/** What is found behind a step into a shape. */
export type ShapeStep =
  | { readonly shape: Shape | undefined }
  /** There never is such a member or item. */
  | { readonly missing: true; readonly names: readonly string[] };

/** Deepest references and choices that are followed. */
const deepest = 16;

/** The shape that a JSON Schema describes; `undefined` where it leaves the value open. */
export function shapeOf(schema: JsonObject, root: JsonObject = schema): Shape | undefined {
  const alternatives = alternativesOf(schema, root, deepest);
  return alternatives === undefined ? undefined : { alternatives, root };
}

/** A value of one of these kinds: those of JSON Schema, and `timestamp`, `duration` and `bytes` of CEL. */
export function shapeOfKinds(...kinds: readonly string[]): Shape {
  const schema = { type: [...kinds] };
  return { alternatives: [schema], root: schema };
}

function alternativesOf(schema: Json | undefined, root: JsonObject, depth: number): readonly JsonObject[] | undefined {
  if (!isJsonObject(schema) || depth === 0) return undefined;
  const reference = schema['$ref'];
  if (typeof reference === 'string') return alternativesOf(definitionOf(reference, root), root, depth - 1);
  if (opens.some((name) => Object.hasOwn(schema, name))) return undefined;
  const choice = schema['anyOf'] ?? schema['oneOf'];
  if (choice === undefined) return hasKind(schema) ? [schema] : undefined;
  if (!Array.isArray(choice)) return undefined;
  const found: JsonObject[] = [];
  for (const one of choice) {
    const inner = alternativesOf(one, root, depth - 1);
    if (inner === undefined) return undefined;
    found.push(...inner);
  }
  return found;
}

/** What these say depends on more than can be seen here. */
const opens = ['allOf', 'not', 'if', '$dynamicRef'];

function hasKind(schema: JsonObject): boolean {
  return ['type', 'const', 'enum', 'properties', 'items'].some((name) => Object.hasOwn(schema, name));
}

function definitionOf(reference: string, root: JsonObject): Json | undefined {
  if (reference === '#') return root;
  const [, group, name] = /^#\/(\$defs|definitions)\/(.+)$/.exec(reference) ?? [];
  const definitions = group === undefined ? undefined : root[group];
  return name !== undefined && isJsonObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}

/** The kinds that a value of a shape can have, in the words of JSON Schema; `undefined` where one of them is open. */
export function kindsOfShape(shape: Shape): ReadonlySet<string> | undefined {
  const kinds = new Set<string>();
  for (const alternative of shape.alternatives) {
    const found = kindsOfSchema(alternative);
    if (found === undefined) return undefined;
    for (const kind of found) kinds.add(kind === 'integer' ? 'number' : kind);
  }
  return kinds;
}

function kindsOfSchema(schema: JsonObject): readonly string[] | undefined {
  const { type, enum: values, const: constant } = schema;
  if (type !== undefined) return [type].flat().filter((name) => typeof name === 'string');
  if (Array.isArray(values)) return values.map(kindOfJson);
  if (constant !== undefined) return [kindOfJson(constant)];
  if (Object.hasOwn(schema, 'properties')) return ['object'];
  return Object.hasOwn(schema, 'items') ? ['array'] : undefined;
}

/** The kind of a JSON value, in the words of JSON Schema. */
export function kindOfJson(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** What stands at a member of a name. */
export function memberOfShape(shape: Shape, name: string): ShapeStep {
  const found: JsonObject[] = [];
  const names = new Set<string>();
  for (const alternative of shape.alternatives) {
    const kinds = kindsOfSchema(alternative);
    if (kinds !== undefined && !kinds.includes('object')) continue;
    const { properties, additionalProperties } = alternative;
    if (Object.hasOwn(alternative, 'patternProperties')) return { shape: undefined };
    const known = isJsonObject(properties) ? properties : {};
    for (const each of Object.keys(known)) names.add(each);
    const inner = Object.hasOwn(known, name) ? known[name] : additionalProperties;
    if (inner === false) continue;
    const alternatives = alternativesOf(inner, shape.root, deepest);
    if (alternatives === undefined) return { shape: undefined };
    found.push(...alternatives);
  }
  return found.length === 0 ? { missing: true, names: [...names] } : { shape: { alternatives: found, root: shape.root } };
}

/** What the items of a list are. */
export function itemOfShape(shape: Shape): ShapeStep {
  const found: JsonObject[] = [];
  for (const alternative of shape.alternatives) {
    const kinds = kindsOfSchema(alternative);
    if (kinds !== undefined && !kinds.includes('array')) continue;
    const alternatives = Object.hasOwn(alternative, 'prefixItems') ? undefined : alternativesOf(alternative['items'], shape.root, deepest);
    if (alternatives === undefined) return { shape: undefined };
    found.push(...alternatives);
  }
  return found.length === 0 ? { missing: true, names: [] } : { shape: { alternatives: found, root: shape.root } };
}
