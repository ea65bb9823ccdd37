import type { CompileBudget } from './compile-budget.ts';
import { invalidExpression } from './fault.ts';
import type { Frame } from './frame.ts';
import type { SyntaxNode } from './parse-expression.ts';
import type { Path } from './path.ts';
import type { Site } from './site.ts';
import type { Value } from './value.ts';

/** A compiled node: runs against a frame and answers a value, or throws a fault. */
export type Evaluate = (frame: Frame) => Value;

/** What compiling one node needs to know. */
export interface Compilation {
  readonly source: string;
  /** Variables that exist; undefined lets every name through. */
  readonly roots: ReadonlySet<string> | undefined;
  /** Macro variables in view, and their slots in the frame. */
  readonly locals: ReadonlyMap<string, number>;
  /** How much deeper the tree may go. */
  readonly depth: number;
  /** Each variable read so far, with the members that are known before it runs. */
  readonly reads: Path[];
  readonly budget: CompileBudget;
  /** Compiles a node below this one. */
  readonly compile: (node: SyntaxNode, inside: Compilation) => Evaluate;
}

/** Stops compiling: `expression_invalid` at that place of the source. */
export function refuse(compilation: Compilation, site: Site, reason: string): never {
  throw invalidExpression(compilation.source, site, reason);
}

/** The place of a node, without the tree that hangs on it. */
export function siteOf(node: SyntaxNode): Site {
  return { start: node.start, end: node.end };
}

/** The compilation inside a macro, with one more variable, and the slot of that variable. */
export function withLocal(compilation: Compilation, name: string): { readonly inside: Compilation; readonly slot: number } {
  const slot = Math.max(-1, ...compilation.locals.values()) + 1;
  return { inside: { ...compilation, locals: new Map(compilation.locals).set(name, slot) }, slot };
}
