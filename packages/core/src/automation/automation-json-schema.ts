import { z } from 'zod';
import { builtInNamespaces } from '../connector/built-in-action.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { conditionJsonSchema } from '../rules/condition-json-schema.ts';
import { escalationShape, orderingShape, stepShape } from './definition-shape.ts';
import { controlShapes, most } from './step-shape.ts';
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
      steps: { type: 'array', items: stepReference, minItems: 1, maxItems: most.steps, description: 'One after another.' },
      escalation: { $ref: '#/$defs/escalation' },
      ordering: { $ref: '#/$defs/ordering' },
      concurrency: { type: 'integer', minimum: 1, maximum: 100, description: 'How many actions of its runs are under way at once.' },
    },
    required: ['trigger', 'steps'],
    additionalProperties: false,
    $defs: {
      trigger: { description: 'What it starts on.', anyOf: Object.values(triggerShapes).map(schemaOf) },
      step: {
        description: 'An action, or a control step: flow.branch, flow.each and their like.',
        anyOf: [{ $ref: '#/$defs/action' }, ...Object.keys(controlShapes).map((name) => ({ $ref: `#/$defs/${name}` }))],
      },
      action: actionSchema(stepShape, {
        description: 'One action of a connector.',
        input: 'Data. Any string may hold CEL: {{ event.data.title }}, {{ steps.ticket.output.key }} of an earlier step.',
      }),
      ...Object.fromEntries(Object.entries(controlShapes).map(([name, shape]) => [name, controlSchema(schemaOf(shape), name)])),
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
  const action = isJsonObject(properties['action']) ? { ...properties['action'], not: { pattern: '^flow\\.' } } : {};
  return withSteps({ ...schema, description: texts.description, properties: { ...properties, action, input }, ...goingThrough }, 'action');
}

const connection = { properties: { connection: { type: 'string' } }, required: ['connection'] };

/** A connector's action goes through a connection, a built-in one through none. */
const goingThrough: JsonObject = {
  if: { properties: { action: { type: 'string', pattern: `^(${builtInNamespaces.join('|')})\\.` } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { not: connection },
  else: connection,
};

/** What control steps are for. */
const texts: Readonly<Record<string, string>> = {
  'flow.branch': 'Takes the first branch whose condition holds.',
  'flow.group': 'Steps with one error path.',
  'flow.each': 'Does its steps for each item of a list.',
  'flow.delay': 'Waits for a length of time, or until a time.',
  'flow.wait': 'Waits for an event.',
  'flow.set': 'Sets variables, read as vars.name.',
  'flow.transform': 'Gives a value.',
  'flow.stop': 'Ends the run.',
  'flow.run': 'Starts another automation.',
};

const stepReference = { $ref: '#/$defs/step' } as const;
const json = { $ref: '#/$defs/json' } as const;

/** Members that are data with templates, by control step. */
const data: Readonly<Record<string, readonly string[]>> = {
  'flow.each': ['list', 'collect'],
  'flow.transform': ['value'],
  'flow.run': ['input'],
};

/** Members that must be there, although their shape takes anything. */
const needed: Readonly<Record<string, readonly string[]>> = {
  'flow.each': ['list'],
  'flow.transform': ['value'],
};

/** A delay has one of two members, and each is a form of its own. */
function controlSchema(shape: JsonObject, name: string): JsonObject {
  const schema = withSteps(shape, name);
  if (name !== 'flow.delay' || !isJsonObject(schema['properties'])) return schema;
  const { description = '', properties, required = [], ...rest } = schema;
  const { for: length = {}, until = {}, ...common } = isJsonObject(properties) ? properties : {};
  const names = Array.isArray(required) ? required : [];
  const form = (member: string, taken: Json): JsonObject => ({
    ...rest,
    properties: { ...common, [member]: taken },
    required: [...names, member],
  });
  return { description, anyOf: [form('for', length), form('until', until)] };
}

/** The schema with what its shape leaves to be read apart: steps inside, conditions, data. */
function withSteps(schema: JsonObject, name: string): JsonObject {
  const inside = filled(schema);
  const properties = isJsonObject(inside['properties']) ? inside['properties'] : {};
  const required = Array.isArray(inside['required']) ? inside['required'] : [];
  const described = texts[name];
  return {
    ...inside,
    ...(described === undefined ? {} : { description: described }),
    properties: {
      ...properties,
      ...Object.fromEntries((data[name] ?? []).map((member) => [member, json])),
      ...(name === 'flow.wait' ? { when: { $ref: '#/$defs/condition' } } : {}),
      ...(name === 'flow.set'
        ? { vars: { ...filled(properties['vars'] ?? {}), additionalProperties: json, minProperties: 1, maxProperties: most.variables } }
        : {}),
    },
    required: [...new Set([...required, ...(needed[name] ?? [])])],
  };
}

/** Lists of anything are lists of steps, and a branch's condition is one. */
function filled(schema: Json): JsonObject {
  if (!isJsonObject(schema)) return {};
  const members = Object.entries(schema).map(([name, member]): [string, Json] => {
    if (name === 'items' && isJsonObject(member) && Object.keys(member).length === 0) return [name, stepReference];
    if (name === 'when') return [name, { $ref: '#/$defs/condition' }];
    return [name, isJsonObject(member) ? filled(member) : member];
  });
  return Object.fromEntries(members);
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
