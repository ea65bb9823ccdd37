import { type Compilation, type Evaluate, refuse, siteOf } from './compilation.ts';
import { compileAccess } from './compile-access.ts';
import { compileGlobalCall, compileMethodCall } from './compile-call.ts';
import { compileList, compileLiteral, compileMap } from './compile-literal.ts';
import { compileLogic, compileNot, compileTernary } from './compile-logic.ts';
import { compileNegation, compileOperator, isBinaryOperator } from './compile-operator.ts';
import type { SyntaxNode } from './parse-expression.ts';

/** Compiles a node of the syntax tree to a closure. Throws `expression_invalid` for what is not part of the language. */
export function compileNode(node: SyntaxNode, outside: Compilation): Evaluate {
  if (outside.depth === 0) return refuse(outside, siteOf(node), 'it is nested too deeply');
  const inside = { ...outside, depth: outside.depth - 1 };
  switch (node.op) {
    case 'value':
      return compileLiteral(node, inside);
    case 'id':
    case '.':
    case '[]':
      return compileAccess(node, inside);
    case 'list':
      return compileList(node.args, inside);
    case 'map':
      return compileMap(node.args, inside);
    case '||':
    case '&&':
      return compileLogic(node, node.op, inside);
    case '?:':
      return compileTernary(node, node.args, inside);
    case '!_':
      return compileNot(node.args, inside);
    case '-_':
      // -9223372036854775808 is an int only with its sign.
      return node.args.op === 'value' && isNumberLiteral(node.args.args)
        ? compileLiteral(node.args, inside, true)
        : compileNegation(node, node.args, inside);
    case 'call':
      return compileGlobalCall(node, inside);
    case 'rcall':
      return compileMethodCall(node, inside);
    default:
      return isBinaryOperator(node.op)
        ? compileOperator(node, inside)
        : refuse(inside, siteOf(node), `"${node.op}" is not part of the language`);
  }
}

function isNumberLiteral(value: unknown): boolean {
  return typeof value === 'bigint' || typeof value === 'number';
}
