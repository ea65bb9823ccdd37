import { add, type BinaryOperation, divide, multiply, negate, remainder, subtract } from './arithmetic.ts';
import { compareValues } from './compare-values.ts';
import { type Compilation, type Evaluate, siteOf } from './compilation.ts';
import { containsValue, equalValues } from './equal-values.ts';
import { spendBytes, spendSteps } from './frame.ts';
import type { SyntaxNode } from './parse-expression.ts';
import type { Site } from './site.ts';

/** The operators of two sides that are neither `||` nor `&&`. */
export const binaryOperations = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  '==': (frame, left, right) => equalValues(frame, left, right),
  '!=': (frame, left, right) => !equalValues(frame, left, right),
  '<': (frame, left, right) => compareValues(frame, left, right) < 0,
  '<=': (frame, left, right) => compareValues(frame, left, right) <= 0,
  '>': (frame, left, right) => compareValues(frame, left, right) > 0,
  '>=': (frame, left, right) => compareValues(frame, left, right) >= 0,
  in: (frame, left, right) => containsValue(frame, right, left),
} satisfies Record<string, BinaryOperation>;

/** One of {@link binaryOperations}. */
export type BinaryOperator = keyof typeof binaryOperations;

/** True for an operator of two sides. */
export function isBinaryOperator(operator: string): operator is BinaryOperator {
  return Object.hasOwn(binaryOperations, operator);
}

interface Link {
  readonly operation: BinaryOperation;
  readonly right: Evaluate;
  readonly site: Site;
}

/** Compiles a chain of operators such as `a + b - c`, which parses to the left: unrolled, a long chain costs no depth. */
export function compileOperator(node: SyntaxNode, compilation: Compilation): Evaluate {
  const links: Link[] = [];
  let current = node;
  while (isBinary(current)) {
    const right = compilation.compile(current.args[1], compilation);
    links.unshift({ operation: binaryOperations[current.op], right, site: siteOf(current) });
    current = current.args[0];
  }
  const first = compilation.compile(current, compilation);
  const [only] = links;
  return links.length === 1 && only !== undefined ? compileSingle(first, only) : compileChain(first, links);
}

type BinaryNode = Extract<SyntaxNode, { readonly op: BinaryOperator }>;

function isBinary(node: SyntaxNode): node is BinaryNode {
  return isBinaryOperator(node.op);
}

// Boxed results (bigints, doubles) are small, but a loop makes many.
const boxedBytes = 24;

function compileSingle(first: Evaluate, link: Link): Evaluate {
  const { operation, right, site } = link;
  return (frame) => {
    const left = first(frame);
    const other = right(frame);
    spendSteps(frame, 1);
    spendBytes(frame, boxedBytes);
    frame.site = site;
    return operation(frame, left, other);
  };
}

function compileChain(first: Evaluate, links: readonly Link[]): Evaluate {
  return (frame) => {
    let value = first(frame);
    for (const { operation, right, site } of links) {
      const other = right(frame);
      spendSteps(frame, 1);
      spendBytes(frame, boxedBytes);
      frame.site = site;
      value = operation(frame, value, other);
    }
    return value;
  };
}

/** Compiles `-x`. */
export function compileNegation(node: SyntaxNode, operand: SyntaxNode, compilation: Compilation): Evaluate {
  const evaluate = compilation.compile(operand, compilation);
  const site = siteOf(node);
  return (frame) => {
    const value = evaluate(frame);
    spendSteps(frame, 1);
    frame.site = site;
    return negate(frame, value);
  };
}
