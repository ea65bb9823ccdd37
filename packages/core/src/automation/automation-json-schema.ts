import { z } from 'zod';
import { isJsonObject } from '../json/is-json-object.ts';
import type { JsonObject } from '../json/json.ts';
import { conditionJsonSchema } from '../rules/condition-json-schema.ts';
import { escalationShape, orderingShape, stepShape } from './definition-shape.ts';
import { triggerShapes } from './trigger-shape.ts';

/**
 * JSON Schema (draft 2020-12) of an automation as it is stored and as `automations.parse` takes it: for editors, forms and other languages.
 * It says the shape. That expressions are valid, step ids unique and that nothing reads a later step, only the parser says.
 */
export function automationJsonSchema(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Patchbay automation',
    description: 'Trigger, condition, steps.',
    type: 'object',
    properties: {
      description: { type: 'string', maxLength: 2_000, description: 'For people.' },
      trigger: { $ref: '#/$defs/trigger' },
      when: { $ref: '#/$defs/condition' },
      steps: { type: 'array', items: { $ref: '#/$defs/step' }, minItems: 1, maxItems: 50, description: 'One after another.' },
      escalation: { $ref: '#/$defs/escalation' },
      ordering: { $ref: '#/$defs/ordering' },
    },
    required: ['trigger', 'steps'],
    additionalProperties: false,
    $defs: {
      trigger: { description: 'What it starts on.', anyOf: Object.values(triggerShapes).map(schemaOf) },
      step: actionSchema(stepShape, {
        description: 'One action of a connector.',
        input: 'Data. Any string may hold CEL: {{ event.data.title }}, {{ steps.ticket.output.key }} of an earlier step.',
      }),
      escalation: actionSchema(escalationShape, {
        description: 'The action that is sent whenever a run fails.',
        input: 'Data. Any string may hold CEL: {{ event.data.title }}, {{ failure.step }}, {{ failure.code }}, {{ failure.message }}.',
      }),
      ordering: { ...schemaOf(orderingShape), description: 'Lets runs go one after another that are about the same thing.' },
      ...conditionDefinitions(),
    },
  };
}

function actionSchema(shape: z.ZodType, texts: { readonly description: string; readonly input: string }): JsonObject {
  const schema = schemaOf(shape);
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const input = { $ref: '#/$defs/json', description: texts.input };
  return { ...schema, description: texts.description, properties: { ...properties, input } };
}

function conditionDefinitions(): JsonObject {
  const { $defs } = conditionJsonSchema({ roots: ['event'] });
  return isJsonObject($defs) ? $defs : {};
}

function schemaOf(shape: z.ZodType): JsonObject {
  const { $schema: _version, ...schema }: Record<string, unknown> = z.toJSONSchema(shape, { target: 'draft-2020-12' });
  const described: unknown = JSON.parse(JSON.stringify(schema));
  return isJsonObject(described) ? described : {};
}
