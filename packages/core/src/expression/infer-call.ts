import { isMacro } from './compile-macro.ts';
import { type Inference, requireKinds } from './inference.ts';
import type { SyntaxNode } from './parse-expression.ts';
import { itemOfShape, kindsOfShape, type Shape, shapeOfKinds } from './shape.ts';

/** What a function gives, by name. A function that is not here gives something open. */
const given: Readonly<Record<string, string>> = {
  size: 'number',
  string: 'string',
  int: 'number',
  double: 'number',
  bool: 'boolean',
  bytes: 'bytes',
  timestamp: 'timestamp',
  duration: 'duration',
  has: 'boolean',
  matches: 'boolean',
  contains: 'boolean',
  startsWith: 'boolean',
  endsWith: 'boolean',
  lowerAscii: 'string',
  upperAscii: 'string',
  trim: 'string',
  replace: 'string',
  join: 'string',
  split: 'array',
};

const ofText = new Set(['matches', 'contains', 'startsWith', 'endsWith', 'lowerAscii', 'upperAscii', 'trim', 'replace', 'split']);

/** The kinds that the receiver of a method, or the first argument of its function, must be one of; `undefined`: any. */
function receiverKinds(name: string): readonly string[] | undefined {
  if (ofText.has(name)) return ['string'];
  if (name === 'join') return ['array'];
  if (name === 'size') return ['string', 'array', 'object', 'bytes'];
  return name.startsWith('get') ? ['timestamp', 'duration'] : undefined;
}

/** The shape of `name(…)`. */
export function inferCall(node: Extract<SyntaxNode, { readonly op: 'call' }>, inference: Inference): Shape | undefined {
  const [name, args] = node.args;
  const shapes = args.map((argument) => inference.infer(argument, inference));
  const [first] = args;
  const kinds = name === 'size' || name === 'matches' ? receiverKinds(name) : undefined;
  if (first !== undefined && kinds !== undefined) requireKinds(inference, { node: first, shape: shapes[0], kinds, what: name });
  return resultOf(name);
}

/** The shape of `x.name(…)`, macros included. */
export function inferMethod(node: Extract<SyntaxNode, { readonly op: 'rcall' }>, inference: Inference): Shape | undefined {
  const [name, target, args] = node.args;
  const shape = inference.infer(target, inference);
  if (isMacro(name)) return inferMacro({ name, target, args, shape }, inference);
  for (const argument of args) inference.infer(argument, inference);
  const kinds = receiverKinds(name);
  if (kinds !== undefined) requireKinds(inference, { node: target, shape, kinds, what: name });
  return name.startsWith('get') ? shapeOfKinds('number') : resultOf(name);
}

function resultOf(name: string): Shape | undefined {
  const kind = Object.hasOwn(given, name) ? given[name] : undefined;
  return kind === undefined ? undefined : shapeOfKinds(kind);
}

interface MacroCall {
  readonly name: string;
  readonly target: SyntaxNode;
  readonly args: readonly SyntaxNode[];
  readonly shape: Shape | undefined;
}

function inferMacro({ name, target, args, shape }: MacroCall, inference: Inference): Shape | undefined {
  requireKinds(inference, { node: target, shape, kinds: ['array', 'object'], what: name });
  const [variable, ...bodies] = args;
  if (variable?.op !== 'id') return undefined;
  const shapes = new Map(inference.shapes);
  const item = itemShape(shape);
  if (item === undefined) shapes.delete(variable.args);
  else shapes.set(variable.args, item);
  const inside = { ...inference, shapes };
  const answers = bodies.map((body) => inside.infer(body, inside));
  const tested = name === 'map' ? bodies.slice(0, -1) : bodies;
  for (const [index, body] of tested.entries()) requireKinds(inside, { node: body, shape: answers[index], kinds: ['boolean'], what: name });
  if (name === 'filter') return shape;
  return shapeOfKinds(name === 'map' ? 'array' : 'boolean');
}

/** What a macro's variable is: an item of a list, or a name of a map. */
function itemShape(shape: Shape | undefined): Shape | undefined {
  const kinds = shape && kindsOfShape(shape);
  if (shape === undefined || kinds === undefined) return undefined;
  if (kinds.has('object')) return kinds.has('array') ? undefined : shapeOfKinds('string');
  const item = itemOfShape(shape);
  return 'shape' in item ? item.shape : undefined;
}
