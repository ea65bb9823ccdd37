import { modulesIn, packageFolders, resolveRelative } from './module-graph.ts';
import type { SourceTree } from './source-tree.ts';

type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf(tree: SourceTree, folder: string): Graph {
  const graph = new Map<string, readonly string[]>();
  for (const [path, mentions] of modulesIn(tree, folder)) {
    const targets = mentions.map(({ specifier }) => resolveRelative(path, specifier));
    graph.set(
      path,
      targets.filter((target) => target !== undefined),
    );
  }
  return graph;
}

/** The first way back to `start`, if there is one. */
function wayBack(graph: Graph, start: string): readonly string[] | undefined {
  const seen = new Set<string>();
  const queue = [[start]];
  for (let trail = queue.shift(); trail !== undefined; trail = queue.shift()) {
    for (const next of graph.get(trail.at(-1) ?? start) ?? []) {
      if (next === start) return [...trail, start];
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push([...trail, next]);
    }
  }
  return undefined;
}

/** Import cycles within a package, type imports included, each named once. */
export function findCycles(tree: SourceTree): readonly string[] {
  const found = new Map<string, string>();
  for (const folder of packageFolders(tree)) {
    const graph = graphOf(tree, folder);
    for (const path of graph.keys()) {
      const trail = wayBack(graph, path);
      if (trail !== undefined) {
        const key = [...new Set(trail)].sort().join(' ');
        if (!found.has(key)) found.set(key, trail.join(' -> '));
      }
    }
  }
  return [...found.values()];
}
