import type { CompiledNode } from '../compiled-node.ts';
import type { Place, RunState } from '../run-state.ts';
import { frameOf } from './each.ts';
import type { Frame } from './turn.ts';
import { itemIndex, nodesOf } from './walk.ts';

/** A step instance, with what its expressions know. */
export interface FoundStep {
  readonly node: CompiledNode;
  readonly frame: Frame;
}

/** The step whose dispatch has this path, where it is under way or has stopped its run; `null` for any other. */
export function findStep(nodes: readonly CompiledNode[], state: RunState, path: string): FoundStep | null {
  return find(nodes, state, { path, prefix: '', frame: { outer: null, steps: state.steps, vars: state.vars ?? {} } });
}

interface Looking {
  readonly path: string;
  readonly prefix: string;
  readonly frame: Frame;
}

function find(nodes: readonly CompiledNode[], { at, on }: Place, looking: Looking): FoundStep | null {
  const node = nodes[at];
  if (node === undefined) return null;
  const { path, prefix, frame } = looking;
  const own = `${prefix}${node.id}`;
  if (on === undefined) return own === path ? { node, frame } : null;
  if ('failure' in on) {
    const { failure } = on;
    return find(node.onError?.nodes ?? [], on.in, { path, prefix: `${own}:error/`, frame: { ...frame, failure } });
  }
  if ('arm' in on) return find(nodesOf(node, on.arm), on.in, { path, prefix: `${own}/`, frame });
  const index = itemIndex(path, own);
  const item = index === null ? undefined : on.each.open[index];
  if (item === undefined || index === null || node.kind !== 'each') return null;
  return find(node.nodes, item.place, {
    path,
    prefix: `${own}[${index}]/`,
    frame: frameOf(frame, on.each.items[index] ?? null, index, item),
  });
}
