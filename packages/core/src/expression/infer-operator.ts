import { type Inference, kindWords, refuseShape, requireKinds } from './inference.ts';
import type { SyntaxNode } from './parse-expression.ts';
import { kindsOfShape, type Shape, shapeOfKinds } from './shape.ts';

const ordered = ['number', 'string', 'boolean', 'timestamp', 'duration', 'bytes'];
const added = ['number', 'string', 'array', 'bytes', 'timestamp', 'duration'];

/** The shape of an operator of two sides. */
export function inferOperator(node: SyntaxNode, inference: Inference): Shape | undefined {
  if (!Array.isArray(node.args) || node.args.length !== 2) return undefined;
  const [left, right] = node.args as [SyntaxNode, SyntaxNode];
  const sides = { left, right, leftShape: inference.infer(left, inference), rightShape: inference.infer(right, inference) };
  switch (node.op) {
    case '||':
    case '&&':
      return bothOf(['boolean'], node, { sides, inference }) ?? shapeOfKinds('boolean');
    case '==':
    case '!=':
      return compared(node, { sides, inference, kinds: null });
    case '<':
    case '<=':
    case '>':
    case '>=':
      bothOf(ordered, node, { sides, inference });
      return compared(node, { sides, inference, kinds: ordered });
    case 'in':
      requireKinds(inference, { node: right, shape: sides.rightShape, kinds: ['array', 'object'], what: '"in"' });
      return shapeOfKinds('boolean');
    case '+':
      bothOf(added, node, { sides, inference });
      return areAll('number', sides) ? shapeOfKinds('number') : undefined;
    case '-':
      bothOf(['number', 'timestamp', 'duration'], node, { sides, inference });
      return areAll('number', sides) ? shapeOfKinds('number') : undefined;
    default:
      bothOf(['number'], node, { sides, inference });
      return shapeOfKinds('number');
  }
}

interface Sides {
  readonly left: SyntaxNode;
  readonly right: SyntaxNode;
  readonly leftShape: Shape | undefined;
  readonly rightShape: Shape | undefined;
}

interface Operation {
  readonly sides: Sides;
  readonly inference: Inference;
}

function bothOf(kinds: readonly string[], { op }: SyntaxNode, { sides, inference }: Operation): undefined {
  const what = `"${op}"`;
  requireKinds(inference, { node: sides.left, shape: sides.leftShape, kinds, what });
  requireKinds(inference, { node: sides.right, shape: sides.rightShape, kinds, what });
}

/** Sides that have no kind in common are never equal, and in no order. */
function compared(node: SyntaxNode, { sides, inference, kinds }: Operation & { readonly kinds: readonly string[] | null }): Shape {
  const left = sides.leftShape && kindsOfShape(sides.leftShape);
  const right = sides.rightShape && kindsOfShape(sides.rightShape);
  if (left !== undefined && right !== undefined) {
    const shared = [...left].some((kind) => right.has(kind) && (kinds === null || kinds.includes(kind)));
    const what = kinds === null ? 'are never equal' : 'have no common order';
    if (!shared) refuseShape(inference, node, `${kindWords(left)} and ${kindWords(right)} ${what}`);
  }
  return shapeOfKinds('boolean');
}

function areAll(kind: string, { leftShape, rightShape }: Sides): boolean {
  return [leftShape, rightShape].every((shape) => {
    const kinds = shape && kindsOfShape(shape);
    return kinds?.size === 1 && kinds.has(kind);
  });
}
