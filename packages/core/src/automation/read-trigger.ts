import type { z } from 'zod';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Trigger } from './automation-definition.ts';
import { invalidAutomation } from './automation-error.ts';
import { readFormSchema } from './form-schema.ts';
import { shapeFaults } from './shape-faults.ts';
import { triggerShapes } from './trigger-shape.ts';

/** Reads a trigger and answers a copy without members that are undefined. Throws `automation_invalid` naming the place. */
export function readTrigger(value: unknown): Trigger {
  const has = (kind: string): boolean => isJsonObject(value) && Object.hasOwn(value, kind);
  if (has('manual')) return shaped(triggerShapes.manual, value);
  if (has('schedule')) return withoutUndefined(shaped(triggerShapes.schedule, value));
  if (has('button')) {
    const { button } = shaped(triggerShapes.button, value);
    const { input, ...rest } = button;
    return withoutUndefined({
      button: { ...rest, ...(input === undefined ? {} : { input: readFormSchema(input, 'trigger.button.input') }) },
    });
  }
  if (has('form')) {
    const { form } = shaped(triggerShapes.form, value);
    return withoutUndefined({ form: { ...form, schema: readFormSchema(form.schema, 'trigger.form.schema') } });
  }
  return withoutUndefined(shaped(triggerShapes.event, value));
}

function shaped<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidAutomation(shapeFaults(parsed.error, (path) => ['trigger', ...path]));
}

/** The same as JSON keeps it. */
function withoutUndefined(trigger: { readonly [Kind in keyof typeof triggerShapes]?: unknown }): Trigger {
  return JSON.parse(JSON.stringify(trigger)) as Trigger;
}
