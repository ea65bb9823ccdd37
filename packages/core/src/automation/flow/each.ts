import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Json } from '../../json/json.ts';
import type { CompiledNode, EachNode } from '../compiled-node.ts';
import type { EachProgress, ItemProgress, Place, StepFailure } from '../run-state.ts';
import { type Frame, faultOf, payForNames, render, type StepWent, type Turn, type Went } from './turn.ts';

/** Begins, or goes on with, a row of steps. Handed in, because a loop is itself a step of a row. */
export interface Rows {
  enter(turn: Turn, nodes: readonly CompiledNode[], at: RowPlace): Went<Place>;
}

/** Where a row of steps is: what its expressions know, and what its paths begin with. */
export interface RowPlace {
  readonly frame: Frame;
  readonly prefix: string;
}

/** Longest list as JSON text, characters: it is kept with the run until the loop has ended. */
const longestList = 1_048_576;

/** Begins a loop. */
export function enterEach(turn: Turn, node: EachNode, at: RowPlace & { readonly path: string }, rows: Rows): StepWent {
  try {
    const items = itemsOf(node, render(turn, node.list, at.frame));
    return goOn(turn, node, { ...at, progress: { items, next: 0, open: {}, collected: {} } }, rows);
  } catch (thrown) {
    return { is: 'failed', at: undefined, failure: faultOf(at.path, `The list of step ${at.path} cannot be gone over`, thrown) };
  }
}

function itemsOf({ limit }: EachNode, list: Json): readonly Json[] {
  if (!Array.isArray(list)) throw unfit('It is no list. Give one, such as {{ event.data.items }}.');
  const items: readonly Json[] = list;
  if (items.length > limit) throw unfit(`It has ${items.length} items, and the step takes ${limit}. Raise its limit, or give fewer.`);
  if (JSON.stringify(items).length > longestList)
    throw unfit(`As JSON it is longer than ${longestList} characters. Give the ids of the items, or the part of them that is needed.`);
  return items;
}

function unfit(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_input', message });
}

/** An item of a loop whose steps have gone on. */
export interface ItemWent {
  readonly index: number;
  readonly frame: Frame;
  readonly went: Went<Place>;
}

/** A loop after one of its items has gone on. */
export function settleItem(
  turn: Turn,
  node: EachNode,
  at: RowPlace & { readonly progress: EachProgress; readonly item: ItemWent },
  rows: Rows,
): StepWent {
  const progress = withItem(turn, node, at.progress, at.item);
  return goOn(turn, node, { ...at, progress }, rows);
}

/** Begins items as long as there is room, and says where the loop stands then. */
function goOn(
  turn: Turn,
  node: EachNode,
  { frame, prefix, progress: before }: RowPlace & { readonly progress: EachProgress },
  rows: Rows,
): StepWent {
  let progress = before;
  while (
    progress.next < progress.items.length &&
    underWay(progress) < node.concurrency &&
    firstFailure(progress) === null &&
    turn.stop === null
  ) {
    const index = progress.next;
    payForNames(turn, frame.vars);
    const own = frameOf(frame, progress.items[index] ?? null, index);
    const went = rows.enter(turn, node.nodes, { frame: own, prefix: `${prefix}${node.id}[${index}]/` });
    progress = withItem(turn, node, { ...progress, next: index + 1 }, { index, frame: own, went });
  }
  const at = { each: progress };
  // What is under way ends by itself, whatever has become of the others.
  if (underWay(progress) > 0) return { is: 'open', at };
  if (turn.stop !== null) return { is: 'stopped', at };
  const failure = firstFailure(progress);
  if (failure !== null) return { is: 'failed', at, failure };
  const { items, collected } = progress;
  frame.steps[node.id] = {
    output: { count: items.length, items: node.collect === null ? [] : items.map((_, index) => collected[index] ?? null) },
  };
  return { is: 'ended' };
}

/** What the expressions of one item know. What is set in it stays in it. */
export function frameOf(outer: Frame, value: Json, index: number, item?: Pick<ItemProgress, 'steps' | 'vars'>): Frame {
  const { failure } = outer;
  return {
    outer,
    steps: { ...item?.steps },
    vars: { ...(item?.vars ?? outer.vars) },
    item: { value, index },
    ...(failure === undefined ? {} : { failure }),
  };
}

function withItem(turn: Turn, node: EachNode, progress: EachProgress, { index, frame, went }: ItemWent): EachProgress {
  const { [index]: _, ...others } = progress.open;
  if (went.is === 'ended') return collect(turn, node, { ...progress, open: others }, { index, frame });
  if (went.is === 'stopped') return { ...progress, open: others };
  const { steps, vars } = frame;
  const item: ItemProgress = { place: went.at, steps, vars, ...(went.is === 'failed' ? { failure: went.failure } : {}) };
  return { ...progress, open: { ...others, [index]: item } };
}

function collect(turn: Turn, node: EachNode, progress: EachProgress, { index, frame }: Omit<ItemWent, 'went'>): EachProgress {
  if (node.collect === null) return progress;
  try {
    return { ...progress, collected: { ...progress.collected, [index]: render(turn, node.collect, frame) } };
  } catch (thrown) {
    const path = `${node.id}[${index}]`;
    const failure = faultOf(path, `What step ${path} collects cannot be worked out`, thrown);
    const item: ItemProgress = { place: { at: node.nodes.length }, steps: frame.steps, vars: frame.vars, failure };
    return { ...progress, open: { ...progress.open, [index]: item } };
  }
}

function underWay({ open }: EachProgress): number {
  return Object.values(open).filter(({ failure }) => failure === undefined).length;
}

/** Of the items that have failed, the first by its index: the order in which they failed says nothing. */
function firstFailure({ open }: EachProgress): StepFailure | null {
  const [first] = Object.keys(open)
    .map(Number)
    .sort((left, right) => left - right)
    .flatMap((index) => open[index]?.failure ?? []);
  return first ?? null;
}
