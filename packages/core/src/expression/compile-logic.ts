import { type Compilation, type Evaluate, refuse, siteOf } from './compilation.ts';
import { Fault } from './fault.ts';
import { type Frame, fail, spendSteps } from './frame.ts';
import type { SyntaxNode } from './parse-expression.ts';
import type { Site } from './site.ts';
import { kindOf, type Value } from './value.ts';

interface Operand {
  readonly evaluate: Evaluate;
  readonly site: Site;
}

/**
 * Compiles a chain of `||` or of `&&`. One operand that decides wins over a fault of another, in either order, as CEL has it; a limit that
 * is reached is never absorbed.
 */
export function compileLogic(node: SyntaxNode, operator: '||' | '&&', compilation: Compilation): Evaluate {
  const operands = flatten(node, operator).map((part) => ({ evaluate: compilation.compile(part, compilation), site: siteOf(part) }));
  const decisive = operator === '||';
  return (frame) => {
    let fault: Fault | undefined;
    for (const operand of operands) {
      spendSteps(frame, 1);
      try {
        if (evaluateBoolean(frame, operand, operator) === decisive) return decisive;
      } catch (thrown) {
        fault = absorb(thrown, fault);
      }
    }
    if (fault !== undefined) throw fault;
    return !decisive;
  };
}

/** Keeps the first fault that may be absorbed; throws what may not. */
export function absorb(thrown: unknown, first: Fault | undefined): Fault {
  if (!(thrown instanceof Fault) || thrown.final) throw thrown;
  return first ?? thrown;
}

function evaluateBoolean(frame: Frame, operand: Operand, operator: string): boolean {
  const value = operand.evaluate(frame);
  if (typeof value === 'boolean') return value;
  frame.site = operand.site;
  return fail(frame, `"${operator}" needs a bool, not ${kindOf(value)}`);
}

// `a || b || c` parses to the left: unrolled, a long chain costs no depth.
function flatten(node: SyntaxNode, operator: '||' | '&&'): SyntaxNode[] {
  const operands: SyntaxNode[] = [];
  let current = node;
  while (current.op === operator) {
    operands.unshift(current.args[1]);
    current = current.args[0];
  }
  return [current, ...operands];
}

/** Compiles `!x`. */
export function compileNot(operand: SyntaxNode, compilation: Compilation): Evaluate {
  const part: Operand = { evaluate: compilation.compile(operand, compilation), site: siteOf(operand) };
  return (frame) => {
    spendSteps(frame, 1);
    return !evaluateBoolean(frame, part, '!');
  };
}

/** Compiles `condition ? then : otherwise`; only the side taken is evaluated. */
export function compileTernary(node: SyntaxNode, parts: readonly SyntaxNode[], compilation: Compilation): Evaluate {
  const [condition, then, otherwise] = parts;
  if (condition === undefined || then === undefined || otherwise === undefined)
    return refuse(compilation, siteOf(node), 'a choice has three parts');
  const test: Operand = { evaluate: compilation.compile(condition, compilation), site: siteOf(condition) };
  const whenTrue = compilation.compile(then, compilation);
  const whenFalse = compilation.compile(otherwise, compilation);
  return (frame): Value => {
    spendSteps(frame, 1);
    return evaluateBoolean(frame, test, '?') ? whenTrue(frame) : whenFalse(frame);
  };
}
