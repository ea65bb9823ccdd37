import { z } from 'zod';
import { isForbiddenName } from '../expression/forbidden-name.ts';
import type { FormSchema } from './automation-definition.ts';
import { invalidAutomation } from './automation-error.ts';
import { copyInput } from './copy-input.ts';
import { shapeFaults } from './shape-faults.ts';

const title = z.string().min(1).max(200).optional();
const description = z.string().max(2_000).optional();
const count = z.int().min(0).max(10_000).optional();

const text = z.strictObject({
  type: z.literal('string'),
  title,
  description,
  enum: z.array(z.string().max(200)).min(1).max(200).optional(),
  minLength: count,
  maxLength: count,
  format: z.enum(['email', 'uri', 'date', 'date-time']).optional(),
});

const figure = { title, description, minimum: z.number().optional(), maximum: z.number().optional() };

const scalars = [
  text,
  z.strictObject({ type: z.literal('number'), ...figure }),
  z.strictObject({ type: z.literal('integer'), ...figure }),
  z.strictObject({ type: z.literal('boolean'), title, description, const: z.boolean().optional() }),
] as const;

const scalar = z.discriminatedUnion('type', scalars);

const list = z.strictObject({ type: z.literal('array'), title, description, items: scalar, minItems: count, maxItems: count });

const field = z.discriminatedUnion('type', [...scalars, list]);

/** The part of JSON Schema that a form takes. No `pattern`: an expression of a stranger's would be run on another stranger's text. */
const formShape = z.strictObject({
  $schema: z.string().max(200).optional(),
  type: z.literal('object'),
  title,
  description,
  properties: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be letters, digits and underscores'), field),
  required: z.array(z.string()).max(100).optional(),
  additionalProperties: z.literal(false).optional(),
});

/** One thing that a form asks for. */
export type FormField = z.infer<typeof field>;

/** A form's schema with its shape known. */
export type ReadFormSchema = z.infer<typeof formShape>;

/** Most things that a form asks for. */
const mostFields = 100;

/** Reads the schema of a form and answers a copy. Throws `automation_invalid` naming the place. */
export function readFormSchema(value: unknown, place: string): FormSchema {
  const copy = copyInput(value, place);
  const { properties, required = [] } = shapedForm(copy, place);
  const names = Object.keys(properties);
  if (names.length > mostFields) throw invalidAutomation(`${place}.properties: must have at most ${mostFields} members`);
  const forbidden = names.find(isForbiddenName);
  if (forbidden !== undefined) throw invalidAutomation(`${place}.properties: the name ${forbidden} is not allowed; choose another`);
  const unknown = required.find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) throw invalidAutomation(`${place}.required: there is no property ${unknown}`);
  return copy as FormSchema;
}

/** A schema that has been read, with its type. */
export function shapedForm(schema: unknown, place = 'schema'): ReadFormSchema {
  const parsed = formShape.safeParse(schema);
  if (parsed.success) return parsed.data;
  throw invalidAutomation(shapeFaults(parsed.error, (path) => [place, ...path]));
}
