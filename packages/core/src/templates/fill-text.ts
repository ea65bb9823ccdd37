import { splitTemplate, type TemplatePiece } from '../expression/split-template.ts';
import type { Json } from '../json/json.ts';
import { fillExpression, parameterIn, parametersOf, type TakeParameter } from './fill-expression.ts';

/** A literal stretch of a text, or the source of a formula that is left. */
type Part = { readonly literal: string } | { readonly expression: string };

/**
 * A text with the values of its parameters in it. One that is exactly one parameter becomes its value. In all others a value is text, written so that nothing in it, and nothing that it
 * forms with what stands beside it, is a template.
 */
export function fillText(text: string, values: TakeParameter, templated: boolean): Json {
  const split = splitTemplate(text);
  if ('unclosed' in split) return text;
  const { pieces } = split;
  const [only] = pieces;
  const alone = pieces.length === 1 && only !== undefined && 'expression' in only ? parameterIn(only.expression) : undefined;
  const value = alone === undefined ? undefined : values.get(alone);
  if (value !== undefined) return templated ? escaped(value) : value;
  return joinParts(
    pieces.map((piece) => fillPiece(piece, values)),
    templated,
  );
}

/** Names of the parameters that a text reads. */
export function parametersOfText(text: string): readonly string[] {
  const split = splitTemplate(text);
  if ('unclosed' in split) return [];
  return split.pieces.flatMap((piece) => ('expression' in piece ? parametersOf(piece.expression) : []));
}

function fillPiece(piece: TemplatePiece, values: TakeParameter): Part {
  if ('text' in piece) return { literal: piece.text };
  const name = parameterIn(piece.expression);
  const value = name === undefined ? undefined : values.get(name);
  if (value === undefined) return { expression: fillExpression(piece.expression, values) };
  return { literal: typeof value === 'string' ? value : JSON.stringify(value) };
}

function joinParts(parts: readonly Part[], templated: boolean): string {
  let text = '';
  let run = '';
  for (const part of parts) {
    if ('literal' in part) run += part.literal;
    else {
      text += `${templated ? escapeBefore(run) : run}{{ ${part.expression} }}`;
      run = '';
    }
  }
  return text + (templated ? escapeText(run) : run);
}

/** Braces that would begin a formula, each run of them as a formula that gives them. */
const escapeText = (text: string): string => text.replaceAll(/\{{2,}/g, quoted);

/** The same before a formula, of which a last brace would become a part. */
const escapeBefore = (text: string): string => text.replaceAll(/\{{2,}|\{$/g, quoted);

const quoted = (braces: string): string => `{{ '${braces}' }}`;

/** Data that is put where templates are read. */
function escaped(value: Json): Json {
  if (typeof value === 'string') return escapeText(value);
  return Array.isArray(value) ? value.map((item: Json) => escaped(item)) : value;
}
