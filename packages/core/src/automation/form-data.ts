import { z } from 'zod';
import { plainWords } from '../errors/plain-words.ts';
import type { Json, JsonObject } from '../json/json.ts';
import type { FormSchema } from './automation-definition.ts';
import { type FormField, shapedForm } from './form-schema.ts';

/** A fault of what somebody filled in. */
export interface FormFault {
  /** Name of the property; empty for the whole. */
  readonly field: string;
  readonly message: string;
}

/** What somebody filled in, checked: the data, or what is wrong with it. */
export type CheckedForm = { readonly data: JsonObject } | { readonly faults: readonly FormFault[] };

/** Most faults that are told at once. */
const mostFaults = 20;

/** Longest text of a field whose schema gives no length, characters. */
const longestText = 10_000;

/** Checks data against the schema of a form, which has been read. A property that the schema does not name is refused. */
export function checkFormData(schema: FormSchema, data: unknown): CheckedForm {
  const { properties, required = [] } = shapedForm(schema);
  const shape = Object.entries(properties).map(([name, field]): [string, z.ZodType] => {
    const taken = fieldShape(field);
    return [name, required.includes(name) ? taken : taken.optional()];
  });
  const parsed = z.strictObject(Object.fromEntries(shape)).safeParse(data);
  if (!parsed.success) return { faults: parsed.error.issues.slice(0, mostFaults).map(faultOf) };
  const given = Object.entries(parsed.data).filter((member): member is [string, Json] => member[1] !== undefined);
  return { data: Object.fromEntries(given) };
}

function faultOf({ path, message }: z.core.$ZodIssue): FormFault {
  return { field: path.join('.'), message: plainWords(message) };
}

function fieldShape(field: FormField): z.ZodType {
  if (field.type === 'array') {
    const { items, minItems = 0, maxItems = 100 } = field;
    return z.array(fieldShape(items)).min(minItems).max(maxItems);
  }
  if (field.type === 'boolean') return field.const === undefined ? z.boolean() : z.literal(field.const);
  if (field.type === 'string') return textShape(field);
  const { minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE } = field;
  return (field.type === 'integer' ? z.int() : z.number()).min(minimum).max(maximum);
}

function textShape({ enum: choices, minLength = 0, maxLength = longestText, format }: Extract<FormField, { type: 'string' }>): z.ZodType {
  const text = z.string().min(minLength).max(maxLength);
  const shaped = format === undefined ? text : text.pipe(formats[format]);
  return choices === undefined ? shaped : shaped.refine((value) => choices.includes(String(value)), `must be one of ${choices.join(', ')}`);
}

const formats = {
  email: z.email(),
  uri: z.url({ protocol: /^https?$/ }),
  date: z.iso.date(),
  'date-time': z.iso.datetime({ offset: true }),
} as const;
