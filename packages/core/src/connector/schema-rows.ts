import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';

/** One field of a schema, for a person. */
export interface SchemaRow {
  /** With dots, `[]` for the items of a list: `labels[].name`. */
  readonly path: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** Limits, formats, the default and the values that it may have: `1 to 100 characters`. */
  readonly bounds: readonly (string | { readonly pattern: string })[];
  readonly description: string;
}

/** Levels that are shown; what lies deeper is told by its type alone. */
const deepest = 6;

/** Values of a list of choices that are shown. */
const mostValues = 30;

/** The fields of a JSON Schema of an object, each below what it is in. A field that stands in several forms of a union is shown once. */
export function schemaRows(schema: JsonObject): readonly SchemaRow[] {
  const rows = new Map<string, SchemaRow>();
  for (const row of fieldsOf(schema, { path: '', depth: 0, root: schema, within: [] })) if (!rows.has(row.path)) rows.set(row.path, row);
  return [...rows.values()];
}

interface Place {
  readonly path: string;
  readonly depth: number;
  /** Where references point into. */
  readonly root: JsonObject;
  /** References that have been followed to here: one that comes again is a schema that holds itself. */
  readonly within: readonly string[];
}

function* fieldsOf(given: JsonObject, from: Place): Generator<SchemaRow> {
  const { $ref: reference } = given;
  const isAgain = typeof reference === 'string' && from.within.includes(reference);
  if (from.depth > deepest || isAgain) return;
  const place = typeof reference === 'string' ? { ...from, within: [...from.within, reference] } : from;
  const schema = resolved(given, place.root);
  for (const form of formsOf(schema)) yield* fieldsOf(form, { ...place, depth: place.depth + 1 });
  const { properties, items, required } = schema;
  if (isJsonObject(items)) yield* fieldsOf(items, { ...place, path: `${place.path}[]`, depth: place.depth + 1 });
  if (!isJsonObject(properties)) return;
  const names = Array.isArray(required) ? required : [];
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property)) continue;
    const path = place.path === '' ? name : `${place.path}.${name}`;
    const field = resolved(property, place.root);
    yield {
      path,
      type: typeOf(property, place.root),
      isRequired: names.includes(name),
      bounds: boundsOf(field),
      description: words(field['description']),
    };
    yield* fieldsOf(property, { ...place, path, depth: place.depth + 1 });
  }
}

function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  const { $ref: reference } = schema;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  let found: Json | undefined = root;
  for (const segment of reference.slice(2).split('/'))
    found = isJsonObject(found) && Object.hasOwn(found, segment) ? found[segment] : undefined;
  return isJsonObject(found) ? found : schema;
}

const formsOf = (schema: JsonObject): readonly JsonObject[] =>
  [schema['anyOf'], schema['oneOf'], schema['allOf']].flatMap((forms) => (Array.isArray(forms) ? forms.filter(isJsonObject) : []));

/** Levels of a type that are told. */
const deepestType = 4;

/** `string`, `string[]`, `string or null`, `"open"`. */
function typeOf(given: JsonObject, root: JsonObject, depth = 0): string {
  if (depth > deepestType) return 'any';
  const schema = resolved(given, root);
  const { type, const: only, enum: values, items } = schema;
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(values)) return typeof values[0];
  const forms = formsOf(schema);
  if (forms.some((form) => holds(form, given))) return 'any';
  if (forms.length > 0) return [...new Set(forms.map((form) => typeOf(form, root, depth + 1)))].join(' or ');
  if (type === 'array') return isJsonObject(items) ? `${inBrackets(typeOf(items, root, depth + 1))}[]` : 'array';
  if (Array.isArray(type)) return type.join(' or ');
  return typeof type === 'string' ? type : 'any';
}

/** Is it a list or a record of the very schema that it is a form of? Such a schema takes any JSON. */
function holds({ items, additionalProperties }: JsonObject, { $ref: reference }: JsonObject): boolean {
  return [items, additionalProperties].some((inner) => isJsonObject(inner) && reference !== undefined && inner['$ref'] === reference);
}

const inBrackets = (type: string): string => (type.includes(' ') ? `(${type})` : type);

function boundsOf(schema: JsonObject): SchemaRow['bounds'] {
  const { enum: values, format, pattern, default: usual } = schema;
  return [
    ...range(schema['minLength'], schema['maxLength'], ' characters'),
    ...range(schema['minimum'], schema['maximum'], ''),
    ...range(schema['minItems'], schema['maxItems'], ' items'),
    ...(Array.isArray(values) ? [valueList(values)] : []),
    ...(typeof format === 'string' ? [format] : typeof pattern === 'string' ? [{ pattern }] : []),
    ...(usual === undefined ? [] : [`default ${JSON.stringify(usual).slice(0, 100)}`]),
  ];
}

function valueList(values: readonly Json[]): string {
  const shown = values.slice(0, mostValues).map((value) => JSON.stringify(value));
  return values.length > mostValues ? `${shown.join(', ')} and ${values.length - mostValues} more` : shown.join(', ');
}

/** zod says of each whole number that it is a safe one, which is no bound of the author's. */
function range(least: Json | undefined, most: Json | undefined, unit: string): readonly string[] {
  const from = typeof least === 'number' && least > Number.MIN_SAFE_INTEGER ? least : undefined;
  const to = typeof most === 'number' && most < Number.MAX_SAFE_INTEGER ? most : undefined;
  if (from !== undefined && to !== undefined) return [`${from} to ${to}${unit}`];
  if (from !== undefined) return [`at least ${from}${unit}`];
  return to === undefined ? [] : [`at most ${to}${unit}`];
}

const words = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
