/** A piece of a template's text: literal, or the source of an expression. */
export type TemplatePiece = { readonly text: string } | { readonly expression: string };

/** The pieces of a text, or the offset of a `{{` that is never closed. */
export type SplitTemplate = { readonly pieces: readonly TemplatePiece[] } | { readonly unclosed: number };

/** Splits text at `{{ … }}`. */
export function splitTemplate(text: string): SplitTemplate {
  const pieces: TemplatePiece[] = [];
  let start = 0;
  for (;;) {
    const open = text.indexOf('{{', start);
    if (open === -1) break;
    const close = endOfExpression(text, open + 2);
    if (close === -1) return { unclosed: open };
    if (open > start) pieces.push({ text: text.slice(start, open) });
    pieces.push({ expression: text.slice(open + 2, close).trim() });
    start = close + 2;
  }
  if (start < text.length || pieces.length === 0) pieces.push({ text: text.slice(start) });
  return { pieces };
}

// The `}}` that closes is the first outside strings, comments and the braces of maps: `{{ {'a': {'b': '}}'}} }}` is one expression.
function endOfExpression(text: string, start: number): number {
  let depth = 0;
  let offset = start;
  while (offset < text.length) {
    const character = text[offset];
    if (character === '"' || character === "'") offset = endOfString(text, offset);
    else if (text.startsWith('//', offset)) offset = endOfLine(text, offset);
    else if (character === '}' && depth === 0) return text[offset + 1] === '}' ? offset : -1;
    else {
      if (character === '{') depth++;
      if (character === '}') depth--;
      offset++;
    }
  }
  return -1;
}

function endOfString(text: string, start: number): number {
  const quote = text.charAt(start);
  const delimiter = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  let offset = start + delimiter.length;
  while (offset < text.length && !text.startsWith(delimiter, offset)) offset += text[offset] === '\\' ? 2 : 1;
  return offset + delimiter.length;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}
