import type { CompiledNode } from './compiled-node.ts';

/** Every step of a list with those inside of it, in the order of the definition. */
export function* walkNodes(nodes: readonly CompiledNode[]): Generator<CompiledNode> {
  for (const node of nodes) {
    yield node;
    if (node.kind === 'branch') for (const arm of node.arms) yield* walkNodes(arm.nodes);
    if (node.kind === 'group' || node.kind === 'each') yield* walkNodes(node.nodes);
    if (node.onError !== null) yield* walkNodes(node.onError.nodes);
  }
}
