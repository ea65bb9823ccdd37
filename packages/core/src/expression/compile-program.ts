import type { Shapes } from './check-path.ts';
import type { Evaluate } from './compilation.ts';
import { type CompileBudget, createCompileBudget } from './compile-budget.ts';
import { compileNode } from './compile-node.ts';
import { equalitiesOf, type RequiredEquality } from './equalities-of.ts';
import { type ExpressionLimits, resolveLimits } from './expression-limits.ts';
import { invalidExpression } from './fault.ts';
import { checkTypes } from './infer-shape.ts';
import { parseExpression } from './parse-expression.ts';
import { formatPath, type Path } from './path.ts';

/** An expression compiled for use inside core: it runs in a frame of the caller's, so that several may share fuel. */
export interface Program {
  readonly source: string;
  /** Variables it reads, with the members that are known before it runs; each once, sorted. */
  readonly reads: readonly Path[];
  /** Equalities without which it is not true, as far as its source shows them. */
  readonly requires: readonly RequiredEquality[];
  /** Runs it. Throws a fault, which `evaluationError(source, fault)` turns into an error. */
  readonly run: Evaluate;
}

/** What compiling a program needs besides its source. */
export interface ProgramOptions {
  /** Variables that exist. @default any */
  readonly roots?: readonly string[] | undefined;
  /** Variables kept in the frame's `locals`, by place, for example the item of a list. @default none */
  readonly locals?: readonly string[] | undefined;
  /** @default 4096 characters, 2000 nodes, depth 100, 100000 steps, 4 MiB */
  readonly limits?: Partial<ExpressionLimits> | undefined;
  /** What is known of the variables' data: what can never be there or never fit is refused. @default nothing, and nothing is */
  readonly shapes?: Shapes | undefined;
  /** What it may use of compiling together with others. @default a full budget of its own */
  readonly budget?: CompileBudget | undefined;
}

/** Compiles an expression to a program. Throws `expression_invalid` with the position. */
export function compileProgram(source: string, options: ProgramOptions = {}): Program {
  const limits = resolveLimits(options.limits);
  const reads: Path[] = [];
  const budget = options.budget ?? createCompileBudget();
  budget.characters -= source.length;
  if (budget.characters < 0) throw invalidExpression(source, { start: 0, end: 0 }, 'the expressions together are too long');
  const ast = parseExpression(source, limits);
  const run = compileNode(ast, {
    source,
    roots: options.roots === undefined ? undefined : new Set(options.roots),
    locals: new Map((options.locals ?? []).map((name, slot) => [name, slot])),
    depth: limits.depth,
    reads,
    budget,
    compile: compileNode,
  });
  if (options.shapes !== undefined) checkTypes(ast, source, options.shapes);
  return { source, reads: distinctPaths(reads), requires: equalitiesOf(ast), run };
}

/** The paths, each once, sorted by their text. */
export function distinctPaths(paths: readonly Path[]): readonly Path[] {
  const byText = new Map(paths.map((path) => [formatPath(path), path]));
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, path]) => path);
}
