import type { Shapes } from './check-path.ts';
import { invalidExpression } from './fault.ts';
import type { SyntaxNode } from './parse-expression.ts';
import { kindsOfShape, type Shape } from './shape.ts';
import { excerptOf } from './site.ts';

/** The state of checking one expression's types. */
export interface Inference {
  readonly source: string;
  /** Variables in view, those of macros among them. */
  readonly shapes: Shapes;
  readonly infer: (node: SyntaxNode, inference: Inference) => Shape | undefined;
}

/** Throws where none of the kinds that a value can have is one that is needed. */
export function requireKinds(
  inference: Inference,
  needed: { readonly node: SyntaxNode; readonly shape: Shape | undefined; readonly kinds: readonly string[]; readonly what: string },
): void {
  const { node, shape, kinds, what } = needed;
  const found = shape === undefined ? undefined : kindsOfShape(shape);
  if (found === undefined || kinds.some((kind) => found.has(kind))) return;
  refuseShape(inference, node, `${what} needs ${kinds.map(kindWord).join(' or ')}, and this is ${kindWords(found)}`);
}

/** Stops checking: `expression_invalid` at that node. */
export function refuseShape({ source }: Inference, node: SyntaxNode, reason: string): never {
  const site = { start: node.start, end: node.end };
  throw invalidExpression(source, site, `${reason}, in "${excerptOf(source, site)}"`);
}

const words: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'a bool',
  number: 'a number',
  string: 'a string',
  array: 'a list',
  object: 'a map',
  timestamp: 'a timestamp',
  duration: 'a duration',
  bytes: 'bytes',
};

function kindWord(kind: string): string {
  return words[kind] ?? kind;
}

/** Kinds in words: `a string or null`. */
export function kindWords(kinds: ReadonlySet<string>): string {
  return [...kinds].map(kindWord).join(' or ');
}
