import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { JsonObject } from '../json/json.ts';
import type { Schema } from './schema.ts';

type Side = 'input' | 'output';

/** To describe an action costs milliseconds, its definition is described several times, and a schema is the same for every connector made from it. */
const described = new WeakMap<Schema, Map<Side, JsonObject>>();

/**
 * JSON Schema (draft 2020-12) of a schema, by the schema's own method. Throws `connector_invalid` where it has none or where it
 * holds what JSON Schema cannot say. A schema is described once, so what is answered is for reading alone.
 */
export function jsonSchemaOf(schema: Schema, side: Side, what: string): JsonObject {
  const kept = described.get(schema) ?? new Map<Side, JsonObject>();
  const found = kept.get(side) ?? describe(schema, side, what);
  kept.set(side, found);
  described.set(schema, kept);
  return found;
}

function describe(schema: Schema, side: Side, what: string): JsonObject {
  const convert = schema['~standard'].jsonSchema;
  if (!convert) {
    throw new PatchbayError({
      code: 'connector_invalid',
      message: `The schema of ${what} (vendor ${schema['~standard'].vendor}) cannot describe itself as JSON Schema. Use zod 4.2 or later.`,
    });
  }
  try {
    const answer: unknown = JSON.parse(JSON.stringify(convert[side]({ target: 'draft-2020-12' })));
    if (isJsonObject(answer)) return answer;
  } catch (cause) {
    throw new PatchbayError({
      code: 'connector_invalid',
      message: `The schema of ${what} holds something that JSON Schema cannot say. Leave out transforms, functions and custom classes.`,
      cause,
    });
  }
  throw new PatchbayError({
    code: 'connector_invalid',
    message: `The schema of ${what} is not an object of JSON Schema. Use an object schema.`,
  });
}
