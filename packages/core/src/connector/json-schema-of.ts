import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { JsonObject } from '../json/json.ts';
import type { Schema } from './schema.ts';

/**
 * JSON Schema (draft 2020-12) of a schema, by the schema's own method. Throws `connector_invalid` where it has none or where it
 * holds what JSON Schema cannot say.
 */
export function jsonSchemaOf(schema: Schema, side: 'input' | 'output', what: string): JsonObject {
  const convert = schema['~standard'].jsonSchema;
  if (!convert) {
    throw new PatchbayError({
      code: 'connector_invalid',
      message: `The schema of ${what} (vendor ${schema['~standard'].vendor}) cannot describe itself as JSON Schema. Use zod 4.2 or later.`,
    });
  }
  try {
    const described: unknown = JSON.parse(JSON.stringify(convert[side]({ target: 'draft-2020-12' })));
    if (isJsonObject(described)) return described;
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
