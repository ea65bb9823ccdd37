import type { z } from 'zod';
import { isBuiltInName } from '../connector/built-in-action.ts';
import { isForbiddenName } from '../expression/forbidden-name.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { parseCondition } from '../rules/parse-condition.ts';
import type { ActionStep, Escalation, Step } from './automation-definition.ts';
import { invalidAutomation, within } from './automation-error.ts';
import { copyInput } from './copy-input.ts';
import { stepShape } from './definition-shape.ts';
import { longestWaitMs, parseDuration } from './duration.ts';
import type { ErrorPath } from './flow-steps.ts';
import { isTemplated } from './is-templated.ts';
import { shapeFaults } from './shape-faults.ts';
import { type ControlName, type controlShapes, idShape, isControlName, most, controlShapes as shapes } from './step-shape.ts';

/** Most steps of an automation, those inside of others among them. */
const mostSteps = 200;

/** Deepest nesting of steps. */
const deepest = 6;

/** What is known of the steps that have been read. */
interface Reading {
  readonly ids: Set<string>;
}

/** Reads the steps of a definition, with those inside of them, and answers copies. Throws `automation_invalid` naming the place. */
export function readSteps(steps: readonly unknown[]): readonly Step[] {
  return readList(steps, { place: 'steps', depth: 1 }, { ids: new Set() });
}

interface Place {
  readonly place: string;
  readonly depth: number;
}

function readList(steps: readonly unknown[], { place, depth }: Place, reading: Reading): readonly Step[] {
  if (depth > deepest)
    throw invalidAutomation(`${place}: steps are nested more than ${deepest} deep; start another automation by flow.run`);
  return steps.map((step, index) => readStep(step, { place: `${place}.${index}`, depth }, reading));
}

function readStep(value: unknown, { place: byIndex, depth }: Place, reading: Reading): Step {
  const named = isJsonObject(value) ? idShape.safeParse(value['id']) : undefined;
  // All later checks name a step by its id.
  const at = { place: named?.success ? `steps.${named.data}` : byIndex, depth };
  const action = isJsonObject(value) && typeof value['action'] === 'string' ? value['action'] : '';
  if (!action.startsWith('flow.')) {
    const { id, onError, ...rest } = shaped(stepShape, value, { at: at.place, byIndex });
    checkId(id, reading);
    return { id, ...readAction(rest, at.place), ...readPolicies(rest), ...readErrorPath(onError, at, reading) } satisfies ActionStep;
  }
  if (!isControlName(action))
    throw invalidAutomation(
      `${at.place}: the control step ${action.slice(0, 64)} is not part of this version; there are ${Object.keys(shapes).join(', ')}`,
    );
  const control = shaped(shapes[action], value, { at: at.place, byIndex });
  checkId(control.id, reading);
  const onError = 'onError' in control ? readErrorPath(control.onError, at, reading) : {};
  return { ...(readControl(action, control, at, reading) as Step), ...onError };
}

type Control = z.infer<(typeof controlShapes)[ControlName]>;

/** The members of a control step that are read apart. Its shape is known; TypeScript cannot follow it through the name. */
function readControl(
  action: ControlName,
  { onError: _, ...control }: Control & { readonly onError?: unknown },
  at: Place,
  reading: Reading,
): object {
  const { place } = at;
  const members: Record<string, unknown> = { ...control };
  const steps = (list: unknown, name: string): readonly Step[] =>
    readList(list as readonly unknown[], { place: `${place}.${name}`, depth: at.depth + 1 }, reading);
  const data = (name: string): void => {
    if (members[name] === undefined) {
      delete members[name];
      return;
    }
    members[name] = copyInput(members[name], `${place}.${name}`);
  };
  const needed = (name: string): void => {
    if (members[name] === undefined) throw invalidAutomation(`${place}.${name}: is missing`);
    data(name);
  };
  const condition = (when: unknown, name: string): unknown => within(`${place}.${name}`, () => parseCondition(when));
  if (action === 'flow.branch') {
    members['branches'] = (members['branches'] as readonly { when: unknown; steps: unknown }[]).map((branch, index) => ({
      when: condition(branch.when, `branches.${index}.when`),
      steps: steps(branch.steps, `branches.${index}.steps`),
    }));
    if (members['else'] !== undefined) members['else'] = steps(members['else'], 'else');
  }
  if (action === 'flow.group' || action === 'flow.each') members['steps'] = steps(members['steps'], 'steps');
  if (action === 'flow.each') {
    needed('list');
    data('collect');
  }
  if (action === 'flow.transform') needed('value');
  if (action === 'flow.run') data('input');
  if (action === 'flow.set') {
    needed('vars');
    checkVariables(members['vars'] as object, place);
  }
  if (action === 'flow.wait' && members['when'] !== undefined) members['when'] = condition(members['when'], 'when');
  if (action === 'flow.delay') checkDelay(members, place);
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined));
}

function checkVariables(vars: object, place: string): void {
  const names = Object.keys(vars);
  if (names.length < 1 || names.length > most.variables) throw invalidAutomation(`${place}.vars: must have 1 to ${most.variables} members`);
}

function checkDelay({ for: length, until }: Readonly<Record<string, unknown>>, place: string): void {
  if ((length === undefined) === (until === undefined))
    throw invalidAutomation(`${place}: a delay has either for, such as 15m, or until, a time`);
  if (typeof length === 'string' && !isTemplated(length)) {
    const ms = parseDuration(length);
    if (ms === null || ms > longestWaitMs)
      throw invalidAutomation(`${place}.for: must be a length of time such as 15m, 2h or 3d, up to 30d`);
  }
  if (typeof until === 'string' && !isTemplated(until) && Number.isNaN(Date.parse(until)))
    throw invalidAutomation(`${place}.until: must be a time such as 2026-01-31T08:00:00Z, or an expression that gives one`);
}

function readErrorPath(onError: unknown, at: Place, reading: Reading): { readonly onError?: ErrorPath<Step> } {
  if (onError === undefined) return {};
  const { steps, afterwards } = onError as { readonly steps?: readonly unknown[]; readonly afterwards?: 'continue' | 'fail' };
  const inside = { place: `${at.place}.onError.steps`, depth: at.depth + 1 };
  return {
    onError: {
      ...(steps === undefined ? {} : { steps: readList(steps, inside, reading) }),
      ...(afterwards === undefined ? {} : { afterwards }),
    },
  };
}

type ActionShape = Pick<z.infer<typeof stepShape>, 'action' | 'connection' | 'input' | 'onUnknown'>;

/** An action without its id. */
export function readAction({ action, connection, input, onUnknown }: ActionShape, place: string): Escalation {
  const isBuiltIn = isBuiltInName(action);
  if (isBuiltIn && connection !== undefined)
    throw invalidAutomation(`${place}.connection: ${action} goes through no connection; leave it out`);
  if (!isBuiltIn && connection === undefined)
    throw invalidAutomation(`${place}.connection: is missing; name a connection of the connector`);
  return {
    action,
    ...(connection === undefined ? {} : { connection }),
    ...(input === undefined ? {} : { input: copyInput(input, `${place}.input`) }),
    ...(onUnknown === undefined ? {} : { onUnknown }),
  };
}

type PolicyShape = Pick<z.infer<typeof stepShape>, 'timeout' | 'retry' | 'concurrency' | 'rate'>;

function readPolicies({ timeout, retry, concurrency, rate }: PolicyShape): object {
  // As JSON keeps it: without members that are undefined.
  return JSON.parse(JSON.stringify({ timeout, retry, concurrency, rate })) as object;
}

function checkId(id: string, { ids }: Reading): void {
  if (ids.has(id)) throw invalidAutomation(`steps: the id ${id} is used twice`);
  if (isForbiddenName(id)) throw invalidAutomation(`steps: the id ${id} is not allowed; choose another`);
  if (ids.size === mostSteps) throw invalidAutomation(`steps: there are more than ${mostSteps}; start another automation by flow.run`);
  ids.add(id);
}

function shaped<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { at, byIndex }: { readonly at: string; readonly byIndex: string },
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidAutomation(shapeFaults(parsed.error, (path) => [path[0] === 'id' ? byIndex : at, ...path]));
}
