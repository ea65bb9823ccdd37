import { splitTemplate } from '../expression/split-template.ts';

/** True for text that holds an expression, so that nobody knows yet what it will be. */
export function isTemplated(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const split = splitTemplate(value);
  return 'unclosed' in split || split.pieces.some((piece) => 'expression' in piece);
}
