import type { ErrorRecord } from '../../errors/error-record.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import type { CompiledNode, EachNode } from '../compiled-node.ts';
import type { EachProgress, Place, Progress, StepFailure } from '../run-state.ts';
import { enterEach, frameOf, type RowPlace, settleItem } from './each.ts';
import { doAtOnce, enterDispatch } from './enter-leaf.ts';
import { countStep, holds, type StepWent, type Turn, type Went } from './turn.ts';

/** How a dispatch of a run ended. */
export type StepResult = { readonly ended: 'succeeded'; readonly output: Json } | { readonly ended: 'failed'; readonly error: ErrorRecord };

/** A result with the place that it is of. The place is under way. */
export interface Arrived {
  readonly path: string;
  readonly result: StepResult;
}

const rows = { enter: (turn: Turn, nodes: readonly CompiledNode[], at: RowPlace): Went<Place> => enterRow(turn, nodes, at) };

/** Begins a row of steps from the one at this index. */
export function enterRow(
  turn: Turn,
  nodes: readonly CompiledNode[],
  { frame, prefix, first = 0 }: RowPlace & { readonly first?: number },
): Went<Place> {
  for (const [offset, node] of nodes.slice(first).entries()) {
    const went = turn.stop === null ? enterStep(turn, node, { frame, prefix }) : ({ is: 'stopped', at: undefined } as const);
    if (went.is !== 'ended') return placed(went, first + offset);
  }
  return { is: 'ended' };
}

/** Goes on with a row of steps where the result has arrived. */
export function resumeRow(turn: Turn, nodes: readonly CompiledNode[], place: Place, at: RowPlace & Arrived): Went<Place> {
  const node = nodes[place.at];
  if (node === undefined) return { is: 'ended' };
  const went = resumeStep(turn, node, place.on, at);
  return went.is === 'ended' ? enterRow(turn, nodes, { ...at, first: place.at + 1 }) : placed(went, place.at);
}

function placed(went: Exclude<StepWent, { is: 'ended' }>, index: number): Went<Place> {
  return { ...went, at: went.at === undefined ? { at: index } : { at: index, on: went.at } };
}

function enterStep(turn: Turn, node: CompiledNode, at: RowPlace): StepWent {
  const path = `${at.prefix}${node.id}`;
  const tooMany = countStep(turn, path);
  const went: StepWent = tooMany === null ? begin(turn, node, { ...at, path }) : { is: 'failed', at: undefined, failure: tooMany };
  return caught(turn, node, at, went);
}

function begin(turn: Turn, node: CompiledNode, at: RowPlace & { readonly path: string }): StepWent {
  switch (node.kind) {
    case 'branch': {
      const taken = node.arms.findIndex(({ condition }) => condition === null || holds(turn, condition, at.frame));
      const arm = node.arms[taken];
      at.frame.steps[node.id] = { output: { branch: arm?.condition ? taken : null } };
      return arm === undefined ? { is: 'ended' } : inArm(enterRow(turn, arm.nodes, inside(node, at)), taken);
    }
    case 'group': {
      const went = inArm(enterRow(turn, node.nodes, inside(node, at)), 0);
      if (went.is === 'ended') at.frame.steps[node.id] = { output: null };
      return went;
    }
    case 'each':
      return enterEach(turn, node, at, rows);
    case 'set':
    case 'transform':
    case 'stop':
      return doAtOnce(turn, node, at);
    default:
      return enterDispatch(turn, node, at);
  }
}

function inside({ id }: CompiledNode, { frame, prefix }: RowPlace): RowPlace {
  return { frame, prefix: `${prefix}${id}/` };
}

function inArm(went: Went<Place>, arm: number): StepWent {
  return went.is === 'ended' ? went : { ...went, at: { arm, in: went.at } };
}

/** A failure goes into the step's error path, where it has one; a run that is to stop has no use for it. */
function caught(turn: Turn, node: CompiledNode, at: RowPlace, went: StepWent): StepWent {
  if (went.is !== 'failed') return went;
  if (turn.stop !== null) return { is: 'stopped', at: went.at };
  const { failure } = went;
  if (node.onError === null || failure.isFinal) return went;
  return afterErrorPath(node, at, { failure, went: enterRow(turn, node.onError.nodes, inErrorPath(node, at, failure)) });
}

function inErrorPath({ id }: CompiledNode, { frame, prefix }: RowPlace, failure: StepFailure): RowPlace {
  return { frame: { ...frame, failure }, prefix: `${prefix}${id}:error/` };
}

function afterErrorPath(
  node: CompiledNode,
  { frame }: RowPlace,
  { failure, went }: { readonly failure: StepFailure; readonly went: Went<Place> },
): StepWent {
  if (went.is !== 'ended') return { ...went, at: { failure, in: went.at } };
  if (node.onError?.afterwards === 'fail') return { is: 'failed', at: { failure, in: { at: node.onError.nodes.length } }, failure };
  frame.steps[node.id] = { output: null };
  return { is: 'ended' };
}

function resumeStep(turn: Turn, node: CompiledNode, on: Progress | undefined, at: RowPlace & Arrived): StepWent {
  if (on !== undefined && 'failure' in on) {
    const { failure } = on;
    const went = resumeRow(turn, node.onError?.nodes ?? [], on.in, { ...at, ...inErrorPath(node, at, failure) });
    return afterErrorPath(node, at, { failure, went });
  }
  return caught(turn, node, at, resumeProgress(turn, node, on, at));
}

function resumeProgress(
  turn: Turn,
  node: CompiledNode,
  on: Exclude<Progress, { failure: unknown }> | undefined,
  at: RowPlace & Arrived,
): StepWent {
  if (on === undefined) return take(turn, node, at);
  if ('arm' in on) {
    const went = inArm(resumeRow(turn, nodesOf(node, on.arm), on.in, { ...at, ...inside(node, at) }), on.arm);
    if (went.is === 'ended' && node.kind === 'group') at.frame.steps[node.id] = { output: null };
    return went;
  }
  return node.kind === 'each' ? resumeItem(turn, node, on.each, at) : { is: 'ended' };
}

function resumeItem(turn: Turn, node: EachNode, progress: EachProgress, at: RowPlace & Arrived): StepWent {
  const index = itemIndex(at.path, `${at.prefix}${node.id}`) ?? -1;
  const item = progress.open[index];
  if (item === undefined) return { is: 'open', at: { each: progress } };
  const frame = frameOf(at.frame, progress.items[index] ?? null, index, item);
  const went = resumeRow(turn, node.nodes, item.place, { ...at, frame, prefix: `${at.prefix}${node.id}[${index}]/` });
  return settleItem(turn, node, { ...at, progress, item: { index, frame, went } }, rows);
}

/** The index in a path that goes into a loop at this place. */
export function itemIndex(path: string, loop: string): number | null {
  const [, index] = path.startsWith(`${loop}[`) ? (/^\[(\d{1,4})\]\//.exec(path.slice(loop.length)) ?? []) : [];
  return index === undefined ? null : Number(index);
}

/** The steps of an arm, or of a group. */
export function nodesOf(node: CompiledNode, arm: number): readonly CompiledNode[] {
  if (node.kind === 'branch') return node.arms[arm]?.nodes ?? [];
  return node.kind === 'group' ? node.nodes : [];
}

/** The result of a step's own dispatch. */
function take(turn: Turn, node: CompiledNode, { frame, path, result }: RowPlace & Arrived): StepWent {
  if (result.ended === 'failed') return { is: 'failed', at: undefined, failure: { step: path, error: result.error } };
  const { output } = result;
  const refusal = refusalOf(node, output);
  // Its dispatch has succeeded, and nobody can try it again: the run stands behind it.
  if (refusal !== null) {
    const failure = { step: path, error: refusal };
    return { is: 'failed', at: { failure, in: { at: 0 } }, failure };
  }
  frame.steps[node.id] = { output };
  if (node.kind === 'wait' && isJsonObject(output) && isJsonObject(output['event'])) turn.taken.push(String(output['event']['id']));
  return turn.stop === null ? { is: 'ended' } : { is: 'stopped', at: undefined };
}

/** Why a wait, or another run, that has ended is a failure of its step. */
function refusalOf(node: CompiledNode, output: Json): ErrorRecord | null {
  if (!isJsonObject(output)) return null;
  if (node.kind === 'wait' && output['timedOut'] === true && node.onTimeout === 'fail')
    return { code: 'timeout', message: `No event ${node.event} came within the time of step ${node.id}.` };
  if (node.kind !== 'run' || !node.wait || output['status'] === 'succeeded') return null;
  const told = isJsonObject(output['error']) ? output['error'] : {};
  const { code = 'cancelled', message = 'It was cancelled.' } = told;
  return { code: String(code), message: `The run of ${node.automation} has not succeeded: ${String(message)}`.slice(0, 500) };
}
