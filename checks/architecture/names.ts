import type { SourceTree } from './source-tree.ts';

const vague = /^(utils?|helpers?|common|libs?|misc|types)$/;

/** Files and folders whose name says nothing, and a file beside a folder of the same name. */
export function findNameFaults(tree: SourceTree): readonly string[] {
  const paths = [...tree.keys()].filter(
    (path) => /^(packages|examples|benchmarks|checks|scripts)\//.test(path) && !path.includes('/__fixtures__/'),
  );
  const folders = new Set(paths.flatMap((path) => path.split('/').map((_, index, parts) => parts.slice(0, index).join('/'))));
  return paths.flatMap((path) => {
    const names = path.split('/').map((part) => part.replace(/\.(test-d|test)?\.?(ts|tsx|mjs|json)$/, ''));
    const stem = path.replace(/(\.test(-d)?)?\.(ts|tsx|mjs)$/, '');
    return [
      ...(names.some((name) => vague.test(name)) ? [`${path}: a name that says nothing`] : []),
      ...(stem !== path && folders.has(stem) ? [`${path}: stands beside a folder of its name`] : []),
    ];
  });
}
