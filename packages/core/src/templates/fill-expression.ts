import { PatchbayError } from '../errors/patchbay-error.ts';
import { resolveLimits } from '../expression/expression-limits.ts';
import { parseExpression, type SyntaxNode } from '../expression/parse-expression.ts';
import type { Json } from '../json/json.ts';

/** Values of parameters, by name. */
export type ParameterValues = ReadonlyMap<string, Json>;

/** Gives the value of a parameter each time that it is put somewhere. */
export type TakeParameter = Pick<ParameterValues, 'get'>;

const limits = resolveLimits();

interface Use {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The name of the parameter that an expression is, where it is nothing else. */
export function parameterIn(source: string): string | undefined {
  return /^params\.([A-Za-z][A-Za-z0-9_]*)$/.exec(source.trim())?.[1];
}

/** Names of the parameters that an expression reads. Throws `expression_invalid`, also for `params` that is read as a whole. */
export function parametersOf(source: string): readonly string[] {
  return source.includes('params') ? usesIn(source).map(({ name }) => name) : [];
}

/**
 * A formula with the values of its parameters in it, as literals: whatever a value spells, the formula stays the formula. The places come from the syntax tree, so that a text
 * that only looks like a parameter stays as it is.
 */
export function fillExpression(source: string, values: TakeParameter): string {
  if (!source.includes('params')) return source;
  let filled = '';
  let from = 0;
  for (const { name, start, end } of usesIn(source)) {
    const value = values.get(name);
    if (value === undefined) throw unknownParameter(name);
    filled += source.slice(from, start) + literalOf(value);
    from = end;
  }
  return filled + source.slice(from);
}

function usesIn(source: string): readonly Use[] {
  const uses: Use[] = [];
  visit(parseExpression(source, limits), uses);
  return uses.sort((left, right) => left.start - right.start);
}

function visit(node: SyntaxNode, uses: Use[]): void {
  if (node.op === '.' && isParams(node.args[0])) {
    uses.push({ name: node.args[1], start: node.start, end: node.end });
    return;
  }
  if (isParams(node))
    throw new PatchbayError({
      code: 'expression_invalid',
      message: 'Parameters are read one by one, as params.name, and no variable of a formula is called params. Correct the formula.',
    });
  for (const inner of nodesIn(node.args)) visit(inner, uses);
}

const isParams = (node: SyntaxNode): boolean => node.op === 'id' && node.args === 'params';

function nodesIn(value: unknown): readonly SyntaxNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return isNode(value) ? [value] : [];
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** JSON as CEL: its texts and lists are the same, a number below zero needs brackets, and one beyond 64 bits is a double. */
function literalOf(value: Json): string {
  if (typeof value !== 'number')
    return Array.isArray(value) ? `[${value.map((item: Json) => literalOf(item)).join(', ')}]` : JSON.stringify(value);
  const text = JSON.stringify(value);
  const literal = Number.isInteger(value) && !Number.isSafeInteger(value) && !text.includes('e') ? `${text}.0` : text;
  return value < 0 ? `(${literal})` : literal;
}

function unknownParameter(name: string): PatchbayError {
  return new PatchbayError({
    code: 'expression_invalid',
    message: `There is no parameter ${name.slice(0, 64)}. Declare it in parameters.`,
  });
}
