import { jsonSchemaOf } from '../connector/json-schema-of.ts';
import type { Schema } from '../connector/schema.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { eventAttributes } from '../event/event-attributes.ts';
import { type Shape, shapeOf } from '../expression/shape.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';

/** A schema of data, and which side of it the data has. */
export interface DataSchema {
  readonly schema: Schema;
  /** `output`: what the schema gave back is kept, and nothing else. `input`: what came is kept, members that the schema does not name among it. */
  readonly side: 'input' | 'output';
}

/** What is known of data before it is there. */
export type KnownData = DataSchema | { readonly described: JsonObject };

/** Attributes of an event that are not text. */
const others: Readonly<Record<string, JsonObject>> = { unverified: { const: true }, data: {}, mapped: {}, enrichment: {} };

/** What is known of an event whose data follows a schema; without one the data is open. */
export function eventShape(data: KnownData | undefined): Shape | undefined {
  const attributes = eventAttributes.map((name): [string, Json] => [name, others[name] ?? { type: 'string' }]);
  const described = data === undefined ? undefined : hoisted('data', data);
  const properties = { ...Object.fromEntries(attributes), ...(described === undefined ? {} : { data: described.schema }) };
  return shapeOf({ type: 'object', properties, additionalProperties: false, $defs: described?.definitions ?? {} });
}

/** What is known of `steps`: the outputs of the steps of which something is known. Others are open. */
export function stepsShape(outputs: ReadonlyMap<string, KnownData>): Shape | undefined {
  const properties: Record<string, Json> = {};
  const definitions: Record<string, Json> = {};
  for (const [id, known] of outputs) {
    const described = hoisted(id, known);
    if (described === undefined) continue;
    // An output that was too long is not kept, and reads as null.
    const output = { anyOf: [described.schema, { type: 'null' }] };
    properties[id] = { type: 'object', properties: { output } };
    Object.assign(definitions, described.definitions);
  }
  return shapeOf({ type: 'object', properties, $defs: definitions });
}

/** A schema's description with its definitions under names of its own, so that several stand side by side. */
function hoisted(prefix: string, data: KnownData): { readonly schema: Json; readonly definitions: JsonObject } | undefined {
  const described = 'described' in data ? data.described : describe(data.schema, data.side);
  const text = JSON.stringify(described);
  // What refers to itself as a whole is left open.
  if (described === undefined || text.includes('"$ref":"#"')) return undefined;
  const renamed: unknown = JSON.parse(text.replaceAll('"$ref":"#/$defs/', `"$ref":"#/$defs/${prefix}.`));
  if (!isJsonObject(renamed)) return undefined;
  const { $defs = {}, ...rest } = renamed;
  const definitions = Object.entries(isJsonObject($defs) ? $defs : {}).map(([name, each]): [string, Json] => [`${prefix}.${name}`, each]);
  return { schema: rest, definitions: Object.fromEntries(definitions) };
}

/** A schema that cannot describe itself says nothing. */
function describe(schema: Schema, side: 'input' | 'output'): JsonObject | undefined {
  try {
    return jsonSchemaOf(schema, side, 'the data');
  } catch (error) {
    if (isPatchbayError(error)) return undefined;
    throw error;
  }
}
