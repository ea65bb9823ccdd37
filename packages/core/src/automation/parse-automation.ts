import { z } from 'zod';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { compileTemplate } from '../expression/compile-template.ts';
import type { JsonObject } from '../json/json.ts';
import { compileCondition } from '../rules/compile-condition.ts';
import { parseCondition } from '../rules/parse-condition.ts';
import type { AutomationDefinition } from './automation-definition.ts';

const eventType = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/)
  .max(200);
const connection = z.string().min(1).max(200);
const step = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be letters, digits and underscores, beginning with a letter')
    .max(64),
  action: z
    .string()
    .regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*$/, 'must be {connector}.{action}')
    .max(200),
  connection,
  input: z.json().optional(),
  onUnknown: z.enum(['hold', 'retry']).optional(),
});
const definition = z.strictObject({
  description: z.string().max(2_000).optional(),
  trigger: z.union([z.strictObject({ event: eventType, connection: connection.optional() }), z.strictObject({ manual: z.literal(true) })]),
  when: z.unknown().optional(),
  steps: z.array(step).min(1).max(50),
});

/**
 * Parses an automation from data that nobody has checked, such as a form of a console: shape, conditions, expressions and templates.
 * Throws `automation_invalid` naming the place and the fault. Whether its connections and actions exist is checked when it is put.
 */
export function parseAutomation(value: unknown): AutomationDefinition {
  const parsed = definition.safeParse(value);
  if (!parsed.success)
    throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`).join('; '));
  const { when, description, trigger, steps } = parsed.data;
  const ids = new Set<string>();
  for (const { id, action } of steps) {
    if (ids.has(id)) throw invalid(`steps: the id ${id} is used twice`);
    if (action.startsWith('flow.')) throw invalid(`steps.${id}: the control step ${action} is not part of this version`);
    ids.add(id);
  }
  const condition = when === undefined ? undefined : within('when', () => checkCondition(when));
  steps.forEach((each) => within(`steps.${each.id}.input`, () => compileTemplate(each.input ?? {}, { roots: ['event', 'steps'] })));
  return {
    ...(description === undefined ? {} : { description }),
    // The parser has dropped what is not there; `exactOptionalPropertyTypes` tells an absent key from an undefined one.
    trigger: JSON.parse(JSON.stringify(trigger)) as AutomationDefinition['trigger'],
    ...(condition === undefined ? {} : { when: condition }),
    steps: JSON.parse(JSON.stringify(steps)) as AutomationDefinition['steps'],
  };
}

function checkCondition(value: unknown): NonNullable<AutomationDefinition['when']> {
  const condition = parseCondition(value);
  compileCondition(condition);
  return condition;
}

function within<Result>(place: string, check: () => Result): Result {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof PatchbayError)) throw cause;
    throw invalid(`${place}: ${cause.message}`, cause);
  }
}

function invalid(fault: string, cause?: unknown): PatchbayError {
  return new PatchbayError({ code: 'automation_invalid', message: `The automation is not valid: ${fault}`, cause });
}

/** JSON Schema (draft 2020-12) of the stored form; the condition's own schema is part of it. */
export function automationJsonSchema(condition: JsonObject): JsonObject {
  const described: unknown = z.toJSONSchema(definition, { target: 'draft-2020-12', unrepresentable: 'any' });
  const schema = JSON.parse(JSON.stringify(described)) as { properties: Record<string, unknown> } & Record<string, never>;
  return { ...schema, properties: { ...schema.properties, when: condition } } as JsonObject;
}
