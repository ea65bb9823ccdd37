import type { z } from 'zod';
import { plainWords } from '../errors/plain-words.ts';
import { isForbiddenName } from '../expression/forbidden-name.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { parseCondition } from '../rules/parse-condition.ts';
import type { ActionStep, AutomationDefinition, Escalation, OrderingRule } from './automation-definition.ts';
import { invalidAutomation, within } from './automation-error.ts';
import { copyInput } from './copy-input.ts';
import {
  definitionShape,
  type escalationShape,
  eventTriggerShape,
  manualTriggerShape,
  type orderingShape,
  stepShape,
} from './definition-shape.ts';
import { isTemplated } from './is-templated.ts';

/** Longest definition as JSON text, characters. What is larger is data and belongs into the event. */
const longestText = 262_144;

/**
 * Reads the shape of a definition and answers a copy: members, kinds and lengths, a condition in full. Expressions are read when it is
 * compiled. Strict: an unknown member is refused. Throws `automation_invalid` naming the place.
 */
export function readDefinition(value: unknown): AutomationDefinition {
  const { description, trigger, when, steps, escalation, ordering } = shaped(definitionShape, value, '');
  checkIds(steps);
  const definition = {
    ...(description === undefined ? {} : { description }),
    trigger: readTrigger(trigger),
    ...(when === undefined ? {} : { when: within('when', () => parseCondition(when)) }),
    steps: steps.map(readStep),
    ...(escalation === undefined ? {} : { escalation: readEscalation(escalation) }),
    ...(ordering === undefined ? {} : { ordering: readOrdering(ordering) }),
  };
  if (JSON.stringify(definition).length > longestText)
    throw invalidAutomation(`(root): as JSON it is longer than ${longestText} characters; what is large belongs into the event`);
  return definition;
}

function readTrigger(value: unknown): AutomationDefinition['trigger'] {
  if (isJsonObject(value) && Object.hasOwn(value, 'manual')) return shaped(manualTriggerShape, value, 'trigger');
  const { event, connection } = shaped(eventTriggerShape, value, 'trigger');
  return connection === undefined ? { event } : { event, connection };
}

function readStep({ id, ...action }: z.infer<typeof stepShape>): ActionStep {
  return { id, ...readAction(action, `steps.${id}`) };
}

function readEscalation(escalation: z.infer<typeof escalationShape>): Escalation {
  checkAction(escalation.action, 'escalation');
  return readAction(escalation, 'escalation');
}

function readOrdering({ key, onDead }: z.infer<typeof orderingShape>): OrderingRule {
  if (!isTemplated(key))
    throw invalidAutomation('ordering.key: it holds no expression, so every run would wait for every other; read something of the event');
  return { key, ...(onDead === undefined ? {} : { onDead }) };
}

function readAction({ action, connection, input, onUnknown }: z.infer<typeof escalationShape>, place: string): Escalation {
  return {
    action,
    connection,
    ...(input === undefined ? {} : { input: copyInput(input, `${place}.input`) }),
    ...(onUnknown === undefined ? {} : { onUnknown }),
  };
}

function checkIds(steps: readonly { readonly id: string; readonly action: string }[]): void {
  const ids = new Set<string>();
  for (const { id, action } of steps) {
    if (ids.has(id)) throw invalidAutomation(`steps: the id ${id} is used twice`);
    if (isForbiddenName(id)) throw invalidAutomation(`steps: the id ${id} is not allowed; choose another`);
    checkAction(action, `steps.${id}`);
    ids.add(id);
  }
}

function checkAction(action: string, place: string): void {
  if (action.startsWith('flow.')) throw invalidAutomation(`${place}: the control step ${action} is not part of this version`);
}

function shaped<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map(({ path, message }) => {
    const at = [...(place === '' ? [] : [place]), ...namedSteps(path, value)].join('.');
    return `${at === '' ? '(root)' : at}: ${plainWords(message)}`;
  });
  throw invalidAutomation(faults.join('; '));
}

/** The path with a step by its id where it has one, as all later checks name it. */
function namedSteps(path: readonly PropertyKey[], value: unknown): readonly PropertyKey[] {
  const [first, index, ...rest] = path;
  if (first !== 'steps' || typeof index !== 'number' || rest[0] === 'id' || !isJsonObject(value)) return path;
  const step = Array.isArray(value['steps']) ? value['steps'][index] : undefined;
  const id = isJsonObject(step) ? stepShape.shape.id.safeParse(step['id']) : undefined;
  return id?.success ? [first, id.data, ...rest] : path;
}
