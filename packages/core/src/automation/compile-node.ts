import type { Shapes } from '../expression/check-path.ts';
import { type CompiledTemplate, compileTemplate } from '../expression/compile-template.ts';
import type { Path } from '../expression/path.ts';
import type { Shape } from '../expression/shape.ts';
import type { Json } from '../json/json.ts';
import { type CompiledCondition, compileCondition } from '../rules/compile-condition.ts';
import type { Condition } from '../rules/condition.ts';
import { type ActionStep, isControlStep, type Step } from './automation-definition.ts';
import { within } from './automation-error.ts';
import type { CompiledErrorPath, CompiledNode, CompiledStep } from './compiled-node.ts';
import { parseDuration } from './duration.ts';
import type { ErrorPath, WaitStep } from './flow-steps.ts';

/** What an expression of a step reads, and which steps have ended before it. */
export interface StepReads {
  readonly place: string;
  readonly reads: readonly Path[];
  readonly earlier: readonly string[];
}

/** Where a step stands. */
export interface Surroundings {
  /** Variables that its expressions know. */
  readonly roots: readonly string[];
  /** Ids of the steps that have ended before it, those that may have been left out among them. */
  readonly earlier: readonly string[];
  /** Told what each expression reads. @default nobody is */
  readonly note?: ((reads: StepReads) => void) | undefined;
  /** What is known of the variables, which expressions are then held against. @default nothing */
  readonly shapes?: Shapes | undefined;
  /** What is known of an event that a wait names. @default nothing */
  readonly incoming?: ((wait: WaitStep<Step>) => Shape | undefined) | undefined;
}

/** How long the end of another run is waited for, where nobody says, milliseconds. */
const usualRunMs = 86_400_000;

/** Steps in a row, compiled, and the ids that what follows them can read. */
export function compileNodes(
  steps: readonly Step[],
  around: Surroundings,
): { readonly nodes: readonly CompiledNode[]; readonly earlier: readonly string[] } {
  let { earlier } = around;
  const nodes = steps.map((step) => {
    const compiled = compileNode(step, { ...around, earlier });
    earlier = [...earlier, ...compiled.gives];
    return compiled.node;
  });
  return { nodes, earlier };
}

interface CompiledOne {
  readonly node: CompiledNode;
  /** Ids that can be read behind it. */
  readonly gives: readonly string[];
}

function compileNode(step: Step, around: Surroundings): CompiledOne {
  const place = `steps.${step.id}`;
  if (!isControlStep(step)) {
    const onError = compileErrorPath(step.onError, step.id, around);
    const node: CompiledNode = { kind: 'action', id: step.id, onError: onError.path, step: compileStep(step, `${place}.input`, around) };
    return { node, gives: [step.id, ...onError.gives] };
  }
  const onError = compileErrorPath('onError' in step ? step.onError : undefined, step.id, around);
  const common = { id: step.id, onError: onError.path };
  const gives = [step.id, ...onError.gives];
  const render = (value: Json, name: string): CompiledTemplate => template(value, `${place}.${name}`, around);
  const inside = (steps: readonly Step[], more: Partial<Surroundings> = {}) => compileNodes(steps, { ...around, ...more });
  const idsOf = (earlier: readonly string[]): readonly string[] => earlier.slice(around.earlier.length);
  switch (step.action) {
    case 'flow.branch': {
      const arms = step.branches.map(({ when, steps }, index) => ({
        condition: conditionOf(when, `${place}.branches.${index}.when`, around),
        ...inside(steps),
      }));
      const last = step.else === undefined ? [] : [{ condition: null, ...inside(step.else) }];
      const all = [...arms, ...last];
      const given = all.flatMap(({ earlier }) => idsOf(earlier));
      return {
        node: { ...common, kind: 'branch', arms: all.map(({ condition, nodes }) => ({ condition, nodes })) },
        gives: [...gives, ...given],
      };
    }
    case 'flow.group': {
      const { nodes, earlier } = inside(step.steps);
      return { node: { ...common, kind: 'group', nodes }, gives: [...gives, ...idsOf(earlier)] };
    }
    case 'flow.each': {
      const { concurrency = 1, limit = 100, collect } = step;
      const ofItem = { roots: [...new Set([...around.roots, 'item', 'index'])] };
      const { nodes, earlier } = inside(step.steps, ofItem);
      const collected = collect === undefined ? null : template(collect, `${place}.collect`, { ...around, ...ofItem, earlier });
      return { node: { ...common, kind: 'each', list: render(step.list, 'list'), nodes, concurrency, limit, collect: collected }, gives };
    }
    case 'flow.delay': {
      const by = step.for === undefined ? 'until' : 'for';
      return { node: { ...common, kind: 'delay', by, template: render(step.for ?? step.until ?? '', by) }, gives };
    }
    case 'flow.wait': {
      const { event, connection = null, when, onTimeout = 'fail' } = step;
      const condition = when === undefined ? null : conditionOf(when, `${place}.when`, withIncoming(step, around));
      return {
        node: { ...common, kind: 'wait', event, connection, condition, timeoutMs: parseDuration(step.timeout) ?? 0, onTimeout },
        gives,
      };
    }
    case 'flow.set':
      return { node: { ...common, kind: 'set', template: render(step.vars, 'vars') }, gives };
    case 'flow.transform':
      return { node: { ...common, kind: 'transform', template: render(step.value, 'value') }, gives };
    case 'flow.stop': {
      const { as = 'succeeded', message } = step;
      return { node: { ...common, kind: 'stop', as, message: message === undefined ? null : render(message, 'message') }, gives };
    }
    case 'flow.run': {
      const { automation, input = {}, wait = true, timeout } = step;
      const timeoutMs = (timeout === undefined ? null : parseDuration(timeout)) ?? usualRunMs;
      return { node: { ...common, kind: 'run', automation, template: render(input, 'input'), wait, timeoutMs }, gives };
    }
  }
}

/** What the condition of a wait knows besides. */
function withIncoming(step: WaitStep<Step>, around: Surroundings): Surroundings {
  const shape = around.incoming?.(step);
  const shapes = shape === undefined ? around.shapes : new Map([...(around.shapes ?? []), ['incoming', shape] as const]);
  return { ...around, roots: [...around.roots, 'incoming'], shapes };
}

function compileErrorPath(
  onError: ErrorPath<Step> | undefined,
  id: string,
  around: Surroundings,
): { readonly path: CompiledErrorPath | null; readonly gives: readonly string[] } {
  if (onError === undefined) return { path: null, gives: [] };
  const { steps = [], afterwards = 'continue' } = onError;
  // What it stands beside has not given anything.
  const { nodes, earlier } = compileNodes(steps, { ...around, roots: [...new Set([...around.roots, 'failure'])] });
  return { path: { nodes, afterwards }, gives: earlier.slice(around.earlier.length).filter((given) => given !== id) };
}

/** An action with its input compiled. Throws `automation_invalid` naming the place. */
export function compileStep(step: ActionStep, place: string, around: Surroundings): CompiledStep {
  const [connector = '', operation = ''] = step.action.split('.');
  return { step, connector, operation, template: template(step.input ?? {}, place, around) };
}

function template(value: Json, place: string, { roots, earlier, note, shapes }: Surroundings): CompiledTemplate {
  const compiled = within(place, () => compileTemplate(value, { roots, ...(shapes === undefined ? {} : { shapes }) }));
  note?.({ place, reads: compiled.roots, earlier });
  return compiled;
}

function conditionOf(when: Condition, place: string, { roots, earlier, note, shapes }: Surroundings): CompiledCondition {
  const compiled = within(place, () => compileCondition(when, { roots, ...(shapes === undefined ? {} : { shapes }) }));
  note?.({ place, reads: compiled.roots, earlier });
  return compiled;
}
