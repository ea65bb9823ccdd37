import { allNodes, isSyntaxNode, parseModule, type SyntaxNode } from './parse-module.ts';
import { isTestFile, type SourceTree } from './source-tree.ts';

const members = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'process.env',
  'AbortSignal.timeout',
  ...['fetch', 'setTimeout', 'setInterval', 'setImmediate'].map((name) => `globalThis.${name}`),
]);
const globals = new Set(['fetch', 'setTimeout', 'setInterval', 'setImmediate']);

/** Where the world may be touched: the one place that takes the host's options, the clock that is injected from there, and programs. */
const exempt =
  /^packages\/(core\/src\/(resolve-options\.ts$|clock\/)|storage-postgres\/src\/patchbay-postgres\.ts$|create-connector\/src\/main\.ts$)/;
/** Library code; the testing package makes clocks and servers by trade. */
const library = /^packages\/(?!testing\/|core-tests\/|fault-tests\/|postgres-server\/|storage-records\/)[^/]+\/src\/.*\.ts$/;

const text = (node: unknown, field: string): string => (isSyntaxNode(node) && typeof node[field] === 'string' ? node[field] : '');

/** Names of the world that a file binds itself, as a parameter or by an import: those are not the global ones. */
function ownNames(program: SyntaxNode): ReadonlySet<string> {
  const own = new Set<string>();
  for (const { node, parent, field } of allNodes(program)) {
    if (node.type !== 'Identifier' || parent === undefined) continue;
    const bound = field === 'params' || field === 'local' || (field === 'id' && parent.type === 'VariableDeclarator');
    const destructured = field === 'value' && parent.type === 'Property' && !isValueProperty(program, parent);
    if (bound || destructured) own.add(text(node, 'name'));
  }
  return own;
}

/** Whether a property belongs to an object that is built, not to a pattern that takes one apart. */
function isValueProperty(program: SyntaxNode, property: SyntaxNode): boolean {
  for (const { node } of allNodes(program)) {
    if (node.type === 'ObjectExpression' && Array.isArray(node['properties']) && node['properties'].includes(property)) return true;
  }
  return false;
}

/** A reference to a value, as opposed to a property's name or a type. */
function isReference(parent: SyntaxNode | undefined, field: string): boolean {
  if (parent === undefined || field === 'key' || parent.type.startsWith('TSTypeQuery')) return false;
  if (parent.type === 'MemberExpression' && field === 'property') return parent['computed'] === true;
  return !/^(Import|Export)\w*Specifier$/.test(parent.type);
}

function worldAt(node: SyntaxNode, parent: SyntaxNode | undefined, field: string): string | undefined {
  if (node.type === 'MemberExpression') {
    const name = `${text(node['object'], 'name')}.${text(node['property'], 'name') || text(node['property'], 'value')}`;
    return members.has(name) ? name : undefined;
  }
  if (node.type === 'NewExpression' && text(node['callee'], 'name') === 'Date') {
    return Array.isArray(node['arguments']) && node['arguments'].length === 0 ? 'new Date()' : undefined;
  }
  const name = node.type === 'Identifier' ? text(node, 'name') : '';
  return globals.has(name) && isReference(parent, field) ? name : undefined;
}

function worldIn(program: SyntaxNode): readonly string[] {
  const own = ownNames(program);
  const found = [...allNodes(program)].map(({ node, parent, field }) => worldAt(node, parent, field));
  return found.filter((name) => name !== undefined && !own.has(name)) as readonly string[];
}

/** Library code that reads the time, chance, the environment or the network by itself instead of being handed them. */
export function findWorldFaults(tree: SourceTree): readonly string[] {
  const paths = [...tree].filter(([path]) => library.test(path) && !exempt.test(path) && !isTestFile(path));
  return paths.flatMap(([path, source]) => worldIn(parseModule(path, source).program).map((name) => `${path}: uses ${name}, inject it`));
}

/** Every `any` in a type, tests included. */
export function findAnyFaults(tree: SourceTree): readonly string[] {
  const paths = [...tree].filter(([path]) => /^(packages|examples|benchmarks|checks|scripts)\/.*\.ts$/.test(path));
  return paths.flatMap(([path, source]) => {
    const nodes = [...allNodes(parseModule(path, source).program)].filter(({ node }) => node.type === 'TSAnyKeyword');
    return nodes.map(({ node }) => `${path}:${source.slice(0, node.start).split('\n').length}: any`);
  });
}
