import { Lexer, type Token } from 'marked';
import { documentOf, type RichDocument } from './document-node.ts';
import { blocksOf } from './markdown-blocks.ts';
import { plainDocument } from './plain-text.ts';

/** Markers of quotes and lists that may stand before the text of one line. The parser descends for each of them. */
const deepest = 24;

/**
 * Markdown (CommonMark with GitHub's tables, task lists and strike-through) as a document. What a document has no form for becomes text: HTML, images
 * (as links), headings and tables inside of lists. `[@Name](accountid:5b10…)` mentions an account. It never throws; text that is nested beyond reason is taken
 * for plain.
 */
export function markdownDocument(text: string): RichDocument {
  const tokens = lexed(text.replaceAll(/\r\n?/g, '\n'));
  if (tokens === undefined) return plainDocument(text);
  return documentOf(blocksOf(tokens, { depth: 0, tasks: { given: 0 } }));
}

/** `undefined` where the parser would go too deep. */
function lexed(text: string): readonly Token[] | undefined {
  if (text.split('\n').some(isTooDeep)) return undefined;
  try {
    const lexer = new Lexer({ gfm: true, breaks: false, pedantic: false });
    lexer.blockTokens(text, lexer.tokens);
    for (const { src, tokens } of lexer.inlineQueue) {
      if (isTangled(src)) tokens.push({ type: 'text', raw: src, text: src });
      else lexer.inlineTokens(src, tokens);
    }
    return lexer.tokens;
  } catch {
    // Its own bounds (the stack) are no fault of whoever wrote the text.
    return undefined;
  }
}

function isTooDeep(line: string): boolean {
  const lead = /^(?:[ \t]{0,200}(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s))){0,200}/.exec(line)?.[0] ?? '';
  return lead.replaceAll(/[ \t\d.)]/g, '').length > deepest || /^[ \t]{200}/.test(line);
}

/** Openings of emphasis and links in one paragraph: the time to find their ends grows with their square. */
const mostOpenings = 500;

/** Text of one paragraph that is not looked into: it would take too long. */
const isTangled = (paragraph: string): boolean =>
  (paragraph.match(/[[_*~`<!]/g)?.length ?? 0) > mostOpenings || /[\w.+-]{512}/.test(paragraph);
