import { staticPathOf } from './compile-path.ts';
import { isForbiddenName } from './forbidden-name.ts';
import type { SyntaxNode } from './parse-expression.ts';
import type { Path } from './path.ts';

/** A value that JSON writes without brackets. */
type Literal = string | number | boolean | null;

/** What must hold for a formula to be true: a path of the scope holds one of these values. */
export interface RequiredEquality {
  readonly path: Path;
  readonly values: readonly Literal[];
}

/**
 * The equalities without which a formula cannot be true, read from its source: `a.b == "x"` and `a.b in ["x", "y"]`, alone or joined by `&&`.
 * That they hold does not make it true.
 */
export function equalitiesOf(node: SyntaxNode): readonly RequiredEquality[] {
  if (node.op === '&&') return node.args.flatMap(equalitiesOf);
  if (node.op === '==') {
    const [left, right] = node.args;
    return [required(left, [right]), required(right, [left])].flatMap((each) => each ?? []);
  }
  if (node.op !== 'in') return [];
  const [member, list] = node.args;
  return list.op === 'list' && list.args.length > 0 ? [required(member, list.args)].flatMap((each) => each ?? []) : [];
}

function required(place: SyntaxNode, values: readonly SyntaxNode[]): RequiredEquality | undefined {
  const path = staticPathOf(place);
  if (path === undefined || path.segments.length === 0 || path.root === 'now') return undefined;
  if ([path.root, ...path.segments].some((name) => typeof name === 'string' && isForbiddenName(name))) return undefined;
  const literals = values.map(literalOf);
  const known = literals.flatMap((each) => (each === undefined ? [] : [each.value]));
  return known.length === values.length ? { path: [path.root, ...path.segments], values: known } : undefined;
}

/** An int meets a number of JSON as a double. */
function literalOf(node: SyntaxNode): { readonly value: Literal } | undefined {
  if (node.op !== 'value') return undefined;
  const value: unknown = node.args;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? { value: Number(value) } : undefined;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return { value };
  return typeof value === 'number' ? { value } : undefined;
}
