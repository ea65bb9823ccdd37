import { parseSync, visitorKeys } from 'oxc-parser';

/** A node of the syntax tree, seen without its kind: a type and children. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** One mention of another module, in whatever form: import, export from, `import()`, or `import('x').Type`. */
export interface ModuleMention {
  readonly specifier: string;
  /** Nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

/** What the rules need of a source file. */
export interface ParsedModule {
  readonly program: SyntaxNode;
  readonly mentions: readonly ModuleMention[];
}

export const isSyntaxNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** The children of a node with the name of the field that holds each. */
export function* childNodes(node: SyntaxNode): Generator<readonly [string, SyntaxNode]> {
  for (const key of visitorKeys[node.type] ?? []) {
    const value = node[key];
    for (const child of Array.isArray(value) ? value : [value]) if (isSyntaxNode(child)) yield [key, child];
  }
}

/** Every node of the tree, each with its parent and the field in it. */
export function* allNodes(
  node: SyntaxNode,
  parent?: SyntaxNode,
  field = '',
): Generator<{ node: SyntaxNode; parent: SyntaxNode | undefined; field: string }> {
  yield { node, parent, field };
  for (const [key, child] of childNodes(node)) yield* allNodes(child, node, key);
}

const literal = (value: unknown): string | undefined =>
  isSyntaxNode(value) && typeof value['value'] === 'string' ? value['value'] : undefined;

const isTypeOnly = (node: SyntaxNode): boolean => {
  const specifiers = Array.isArray(node['specifiers']) ? node['specifiers'].filter(isSyntaxNode) : [];
  const kind = 'Export' === node.type.slice(0, 6) ? 'exportKind' : 'importKind';
  return node[kind] === 'type' || (specifiers.length > 0 && specifiers.every((specifier) => specifier[kind] === 'type'));
};

function mentionOf(node: SyntaxNode): ModuleMention | undefined {
  const specifier = literal(node['source']);
  if (specifier === undefined) return undefined;
  if (node.type === 'TSImportType') return { specifier, typeOnly: true };
  if (node.type === 'ImportExpression') return { specifier, typeOnly: false };
  return /^(Import|Export\w+)Declaration$/.test(node.type) ? { specifier, typeOnly: isTypeOnly(node) } : undefined;
}

const parsed = new Map<string, ParsedModule>();

/** Parses a TypeScript source. Throws with the parser's first message when it is not one. */
export function parseModule(path: string, text: string): ParsedModule {
  const key = `${path}\n${text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const { program, errors } = parseSync(path, text);
  if (errors[0] !== undefined) throw new Error(`${path} does not parse: ${errors[0].message}`);
  // The parser's own union of some two hundred node types is of no use to rules that look at any of them by name.
  const root = program as unknown as SyntaxNode;
  const mentions = [...allNodes(root)].map(({ node }) => mentionOf(node)).filter((mention) => mention !== undefined);
  const module = { program: root, mentions };
  parsed.set(key, module);
  return module;
}
