import { parseModule, type SyntaxNode } from './parse-module.ts';
import type { SourceTree } from './source-tree.ts';

const longest = 40;
// The formatter sorts paths so that a folder comes before a file of the same name, and that before a longer name.
const early = '/.-';

const rank = (character: string): number =>
  early.includes(character) ? early.indexOf(character) : 100 + character.toLowerCase().charCodeAt(0);

/** Natural order as the formatter has it: numbers by value, letters without case, a capital first among equals. */
export function comparePaths(left: string, right: string): number {
  const [a, b] = [left, right].map((path) => path.match(/\d+|\D/g) ?? []);
  for (const [index, part] of (a ?? []).entries()) {
    const other = b?.[index];
    if (other === undefined) return 1;
    const numbers = /^\d/.test(part) && /^\d/.test(other);
    const difference = numbers ? Number(part) - Number(other) : rank(part) - rank(other);
    if (difference !== 0) return difference;
    if (part !== other) return part < other ? -1 : 1;
  }
  return (a?.length ?? 0) - (b?.length ?? 0);
}

const sourceOf = (statement: SyntaxNode): string | undefined => {
  const from = statement['source'];
  const named = statement.type === 'ExportNamedDeclaration' && typeof from === 'object' && from !== null && 'value' in from;
  return named && typeof from.value === 'string' ? from.value : undefined;
};

// The template of create-connector is a package that is yet to be written.
const packageIndex = /^packages\/([^/]+|create-connector\/template)\/src\/index\.ts$/;

function faultsOf(path: string, text: string): readonly string[] {
  const { program } = parseModule(path, text);
  const statements = Array.isArray(program['body']) ? program['body'] : [];
  const sources = statements.map((statement: SyntaxNode) => sourceOf(statement));
  const sorted = sources.every((from, index) => index === 0 || comparePaths(sources[index - 1] ?? '', from ?? '') <= 0);
  const lines = text.trimEnd().split('\n').length;
  return [
    ...(packageIndex.test(path) ? [] : [`${path}: only a package has an index, a folder has none`]),
    ...(lines > longest ? [`${path}: ${lines} lines, at most ${longest}`] : []),
    ...(sources.every((from) => from !== undefined) ? [] : [`${path}: holds more than named exports from elsewhere`]),
    ...(sorted ? [] : [`${path}: is not sorted by path`]),
  ];
}

/** Index files that are more than a short sorted list of names: code, `export *`, disorder, length, or an index in a folder. */
export function findIndexFaults(tree: SourceTree): readonly string[] {
  return [...tree].filter(([path]) => /(^|\/)index\.ts$/.test(path)).flatMap(([path, text]) => faultsOf(path, text));
}
