import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';

/** Deepest nesting of an example. */
const deepest = 8;

/** A value that a JSON Schema (draft 2020-12) lets through, as far as it is simple; `null` where it says nothing, or refers to elsewhere. Pure. */
export function exampleOf(schema: Json | undefined, depth = 0): Json {
  if (!isJsonObject(schema) || depth === deepest) return null;
  if (schema['const'] !== undefined) return schema['const'];
  for (const name of ['default', 'examples', 'enum', 'anyOf', 'oneOf', 'allOf'] as const) {
    const found = schema[name];
    if (name === 'default' && found !== undefined) return found;
    if (!Array.isArray(found)) continue;
    return name === 'examples' || name === 'enum' ? (found[0] ?? null) : exampleOf(found[0], depth + 1);
  }
  const { type } = schema;
  return ofKind(Array.isArray(type) ? type[0] : type, schema, depth);
}

function ofKind(kind: Json | undefined, { properties, items, format, minimum }: Readonly<Record<string, Json>>, depth: number): Json {
  switch (kind) {
    case 'string':
      return (typeof format === 'string' ? formats[format] : undefined) ?? 'example';
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? Math.max(1, minimum) : 1;
    case 'boolean':
      return true;
    case 'array':
      return items === undefined ? [] : [exampleOf(items, depth + 1)];
    case 'object':
      return isJsonObject(properties)
        ? Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, exampleOf(inner, depth + 1)]))
        : {};
    default:
      return null;
  }
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T08:00:00Z',
  email: 'example@example.com',
  uri: 'https://example.com/',
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
};
