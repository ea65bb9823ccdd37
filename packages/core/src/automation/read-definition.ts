import type { z } from 'zod';
import { parseCondition } from '../rules/parse-condition.ts';
import type { AutomationDefinition, Escalation, OrderingRule } from './automation-definition.ts';
import { invalidAutomation, within } from './automation-error.ts';
import { definitionShape, type escalationShape, type orderingShape } from './definition-shape.ts';
import { isTemplated } from './is-templated.ts';
import { readAction, readSteps } from './read-steps.ts';
import { readTrigger } from './read-trigger.ts';
import { shapeFaults } from './shape-faults.ts';

/** Longest definition as JSON text, characters. What is larger is data and belongs into the event. */
export const longestDefinition = 262_144;

/**
 * Reads the shape of a definition and answers a copy: members, kinds and lengths, a condition in full. Expressions are read when it is
 * compiled. Strict: an unknown member is refused. Throws `automation_invalid` naming the place.
 */
export function readDefinition(value: unknown): AutomationDefinition {
  const { description, trigger, when, steps, escalation, ordering, concurrency } = shaped(definitionShape, value, '');
  const definition = {
    ...(description === undefined ? {} : { description }),
    trigger: readTrigger(trigger),
    ...(when === undefined ? {} : { when: within('when', () => parseCondition(when)) }),
    steps: readSteps(steps),
    ...(escalation === undefined ? {} : { escalation: readEscalation(escalation) }),
    ...(ordering === undefined ? {} : { ordering: readOrdering(ordering) }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
  if (JSON.stringify(definition).length > longestDefinition)
    throw invalidAutomation(`(root): as JSON it is longer than ${longestDefinition} characters; what is large belongs into the event`);
  return definition;
}

function readEscalation(escalation: z.infer<typeof escalationShape>): Escalation {
  if (escalation.action.startsWith('flow.'))
    throw invalidAutomation(`escalation: the control step ${escalation.action} tells nobody; name an action`);
  return readAction(escalation, 'escalation');
}

function readOrdering({ key, onDead }: z.infer<typeof orderingShape>): OrderingRule {
  if (!isTemplated(key))
    throw invalidAutomation('ordering.key: it holds no expression, so every run would wait for every other; read something of the event');
  return { key, ...(onDead === undefined ? {} : { onDead }) };
}

function shaped<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidAutomation(shapeFaults(parsed.error, (path) => [...(place === '' ? [] : [place]), ...path]));
}
