import { modulesIn, packageFolders, resolveRelative } from './module-graph.ts';
import { isTestFile, type SourceTree } from './source-tree.ts';

/** Private packages that test or measure others from the inside. */
const insiders = new Set(['packages/core-tests', 'packages/fault-tests', 'benchmarks', 'checks']);

function faultOf({ folder, path, specifier }: { folder: string; path: string; specifier: string }): string | undefined {
  if (/^@patchbay\/[^/]+\/(src|dist)\//.test(specifier)) return `${path}: reaches into another package (${specifier})`;
  const target = resolveRelative(path, specifier);
  if (target === undefined) return undefined;
  if (!insiders.has(folder) && !target.startsWith(`${folder}/`) && target !== 'tsup.base.ts')
    return `${path}: leaves its package (${specifier})`;
  if (!insiders.has(folder) && isTestFile(target) && !isTestFile(path) && path.includes('/src/'))
    return `${path}: ships what belongs to tests (${specifier})`;
  if (target.startsWith(`${folder}/`) && /\/index\.ts$/.test(target)) return `${path}: imports an index (${specifier})`;
  return undefined;
}

/** Imports that cross a package's border by another way than its name, and imports of an index from inside its own package. */
export function findBorderFaults(tree: SourceTree): readonly string[] {
  const faults: string[] = [];
  for (const folder of packageFolders(tree)) {
    for (const [path, mentions] of modulesIn(tree, folder)) {
      for (const { specifier } of mentions) {
        const fault = faultOf({ folder, path, specifier });
        if (fault !== undefined) faults.push(fault);
      }
    }
  }
  return faults;
}
