import { PatchbayError } from '../../errors/patchbay-error.ts';
import { renderInput } from '../../expression/render-input.ts';
import type { Json } from '../../json/json.ts';
import type { ActionNode, DelayNode, LeafNode, RunNode, SetNode, StopNode, TransformNode, WaitNode } from '../compiled-node.ts';
import { longestWaitMs, parseDuration } from '../duration.ts';
import type { Intent } from '../run-advance.ts';
import { type WaitInput, writeRunInput, writeWaitInput } from '../timer-input.ts';
import { countAction, type Frame, faultOf, render, type StepWent, scopeOf, type Turn } from './turn.ts';

/** Begins a step that is one dispatch. */
export function enterDispatch(turn: Turn, node: LeafNode, at: { readonly frame: Frame; readonly path: string }): StepWent {
  const { path } = at;
  const failure = countAction(turn, path);
  if (failure !== null) return { is: 'failed', at: undefined, failure };
  try {
    turn.intents.push(intentOf(turn, node, at));
    return { is: 'open', at: undefined };
  } catch (thrown) {
    const what = node.kind === 'delay' ? `The time of step ${path} cannot be worked out` : `The input of step ${path} cannot be rendered`;
    return { is: 'failed', at: undefined, failure: faultOf(path, what, thrown) };
  }
}

function intentOf(turn: Turn, node: LeafNode, { frame, path }: { readonly frame: Frame; readonly path: string }): Intent {
  switch (node.kind) {
    case 'action':
      return { path, step: (node satisfies ActionNode).step, input: renderInput(node.step.template, scopeOf(turn, frame), turn.use) };
    case 'delay':
      return { path, timer: node, ...delayOf(node, render(turn, node.template, frame)) };
    case 'wait':
      return { path, timer: node, input: writeWaitInput(waitOf(turn, node)), delayMs: 0 };
    case 'run': {
      const data = JSON.parse(renderInput((node satisfies RunNode).template, scopeOf(turn, frame), turn.use)) as Json;
      const { automation, wait, timeoutMs } = node;
      return { path, timer: node, input: writeRunInput({ automation, wait, timeoutMs, data }), delayMs: 0 };
    }
  }
}

function waitOf({ since, taken }: Turn, { event, timeoutMs }: WaitNode): WaitInput {
  return { event, since, timeoutMs, not: taken };
}

/** A length is known now; what a time is away, only the store's clock says. */
function delayOf({ by }: DelayNode, value: Json): { readonly input: string; readonly delayMs: number } {
  if (by === 'for') {
    const delayMs = typeof value === 'string' ? parseDuration(value) : null;
    if (delayMs !== null && delayMs <= longestWaitMs) return { input: JSON.stringify({ for: value }), delayMs };
    throw notATime('text such as 90s, 15m, 2h or 3d, up to 30d');
  }
  const until = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(until)) return { input: JSON.stringify({ until: Math.floor(until) }), delayMs: 0 };
  throw notATime('a time such as 2026-01-31T08:00:00Z, or the milliseconds since 1970');
}

function notATime(form: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_input', message: `It is to be ${form}.` });
}

/** Does a step that needs no dispatch. */
export function doAtOnce(
  turn: Turn,
  node: SetNode | TransformNode | StopNode,
  { frame, path }: { readonly frame: Frame; readonly path: string },
): StepWent {
  try {
    if (node.kind === 'stop') {
      const message = node.message === null ? '' : textOf(render(turn, node.message, frame));
      turn.stop = { as: node.as, message: message.slice(0, 500) };
      return { is: 'stopped', at: undefined };
    }
    const output = JSON.parse(renderInput(node.template, scopeOf(turn, frame), turn.use)) as Json;
    if (node.kind === 'set') Object.assign(frame.vars, output);
    frame.steps[node.id] = { output };
    return { is: 'ended' };
  } catch (thrown) {
    return { is: 'failed', at: undefined, failure: faultOf(path, `Step ${path} cannot be worked out`, thrown) };
  }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
