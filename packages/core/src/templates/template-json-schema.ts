import { z } from 'zod';
import { isJsonObject } from '../json/is-json-object.ts';
import type { JsonObject } from '../json/json.ts';
import { templateShape } from './template-shape.ts';

/**
 * JSON Schema (draft 2020-12) of an automation template, as `templates.parse` takes it. It says the shape. The automation in it is one of the schema of automations once it is filled in:
 * before, a text that is one `{{ params.name }}` may stand where that schema wants something else.
 */
export function automationTemplateJsonSchema(): JsonObject {
  const { $schema: version, ...schema }: Record<string, unknown> = z.toJSONSchema(templateShape, { target: 'draft-2020-12' });
  const described: unknown = JSON.parse(JSON.stringify(schema));
  return {
    $schema: String(version),
    title: 'Patchbay automation template',
    description: 'A packaged automation with parameters.',
    ...(isJsonObject(described) ? described : {}),
  };
}
