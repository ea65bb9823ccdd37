import { isTestFile, type SourceTree } from './source-tree.ts';

/** Lines that a file may have. Tests are read one at a time. */
const limitFor = (path: string): number => (isTestFile(path) || path.startsWith('checks/') ? 600 : 250);

/** Source files, scripts and tests that have grown too long. */
export function findLongFiles(tree: SourceTree): readonly string[] {
  const sources = [...tree].filter(([path]) => /\.(ts|tsx|mjs)$/.test(path) && !path.includes('/__fixtures__/'));
  return sources.flatMap(([path, text]) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > limitFor(path) ? [`${path}: ${lines} lines, at most ${limitFor(path)}`] : [];
  });
}
