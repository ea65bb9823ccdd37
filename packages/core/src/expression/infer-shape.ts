import { followPath, type Shapes } from './check-path.ts';
import { staticPathOf } from './compile-path.ts';
import { invalidExpression } from './fault.ts';
import { inferCall, inferMethod } from './infer-call.ts';
import { inferOperator } from './infer-operator.ts';
import { type Inference, requireKinds } from './inference.ts';
import type { SyntaxNode } from './parse-expression.ts';
import type { Path } from './path.ts';
import { itemOfShape, type Shape, shapeOfKinds } from './shape.ts';

/**
 * Works out what an expression answers as far as its source and the shapes of its variables tell. Throws `expression_invalid` with the position of
 * a member that never is there and of an operation that can never succeed. What is open is let through.
 */
export function checkTypes(node: SyntaxNode, source: string, shapes: Shapes): Shape | undefined {
  return infer(node, { source, shapes, infer });
}

function infer(node: SyntaxNode, inference: Inference): Shape | undefined {
  switch (node.op) {
    case 'value':
      return literalShape(node.args);
    case 'id':
      return inference.shapes.get(node.args);
    case '.':
    case '[]':
      return inferAccess(node, inference);
    case 'list':
      for (const item of node.args) infer(item, inference);
      return shapeOfKinds('array');
    case 'map':
      for (const part of node.args.flat()) infer(part, inference);
      return shapeOfKinds('object');
    case '?:':
      return inferChoice(node.args, inference);
    case '!_':
      requireKinds(inference, { node: node.args, shape: infer(node.args, inference), kinds: ['boolean'], what: '"!"' });
      return shapeOfKinds('boolean');
    case '-_':
      requireKinds(inference, { node: node.args, shape: infer(node.args, inference), kinds: ['number', 'duration'], what: '"-"' });
      return undefined;
    case 'call':
      return inferCall(node, inference);
    case 'rcall':
      return inferMethod(node, inference);
    default:
      return inferOperator(node, inference);
  }
}

function literalShape(value: unknown): Shape | undefined {
  if (value === null) return shapeOfKinds('null');
  if (typeof value === 'bigint' || typeof value === 'number') return shapeOfKinds('number');
  return typeof value === 'string' || typeof value === 'boolean' ? shapeOfKinds(typeof value) : undefined;
}

function inferAccess(node: Extract<SyntaxNode, { readonly op: '.' | '[]' }>, inference: Inference): Shape | undefined {
  const container = node.args[0];
  const shape = infer(container, inference);
  if (node.op === '.') return follow(node, { shape, segment: node.args[1] }, inference);
  const place = node.args[1];
  const placeShape = infer(place, inference);
  if (place.op === 'value' && typeof place.args === 'string') return follow(node, { shape, segment: place.args }, inference);
  if (place.op === 'value' && typeof place.args === 'bigint') return follow(node, { shape, segment: Number(place.args) }, inference);
  requireKinds(inference, { node: place, shape: placeShape, kinds: ['number', 'string'], what: 'the place in a list or map' });
  const item = shape === undefined ? undefined : itemOfShape(shape);
  return item !== undefined && 'shape' in item ? item.shape : undefined;
}

function follow(
  node: SyntaxNode,
  { shape, segment }: { readonly shape: Shape | undefined; readonly segment: string | number },
  inference: Inference,
): Shape | undefined {
  const path = staticPathOf(node);
  const from: Path = path === undefined ? ['it'] : [path.root, ...path.segments.slice(0, -1)];
  const found = followPath(shape, [segment], from);
  if ('reason' in found) throw invalidExpression(inference.source, { start: node.start, end: node.end }, found.reason);
  return found.shape;
}

function inferChoice(parts: readonly SyntaxNode[], inference: Inference): Shape | undefined {
  const [condition, ...results] = parts;
  if (condition !== undefined)
    requireKinds(inference, { node: condition, shape: infer(condition, inference), kinds: ['boolean'], what: '"?"' });
  for (const result of results) infer(result, inference);
  return undefined;
}
