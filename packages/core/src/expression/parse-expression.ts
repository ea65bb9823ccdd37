import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import type { PatchbayError } from '../errors/patchbay-error.ts';
import type { ExpressionLimits } from './expression-limits.ts';
import { invalidExpression } from './fault.ts';

/** A node of the syntax tree. Only its `op`, `args`, `start` and `end` are used: nothing of the parser's own evaluator runs. */
export type SyntaxNode = ASTNode;

/** Parses CEL. Throws `expression_invalid` with line and column. */
export function parseExpression(source: string, limits: ExpressionLimits): SyntaxNode {
  if (source.length > limits.sourceLength) {
    throw invalidExpression(source, { start: 0, end: 0 }, `it is longer than ${limits.sourceLength} characters`);
  }
  try {
    return environmentFor(limits).parse(source).ast;
  } catch (error) {
    throw parseFailure(source, error);
  }
}

function environmentFor(limits: ExpressionLimits): Environment {
  return new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: limits.nodes,
      maxDepth: limits.depth,
      maxListElements: limits.nodes,
      maxMapEntries: limits.nodes,
      maxCallArguments: 8,
    },
  });
}

function parseFailure(source: string, error: unknown): PatchbayError {
  if (!(error instanceof ParseError)) return invalidExpression(source, { start: 0, end: 0 }, 'it is nested too deeply');
  const start = Math.min(error.range?.start ?? 0, source.length);
  return invalidExpression(source, { start, end: start }, summarise(error.summary));
}

// The parser's summaries quote tokens of the source, which may be long.
function summarise(summary: string): string {
  const text = summary.replace(/\s+/g, ' ').replace(/^Unexpected token: EOF$/, 'Unexpected end');
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
