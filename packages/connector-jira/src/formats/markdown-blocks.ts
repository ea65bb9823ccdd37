import type { Token, Tokens } from 'marked';
import { type DocumentNode, lineNodes, paragraphOf, textNodes } from './document-node.ts';
import { inlineNodes } from './markdown-inline.ts';
import { listNodes } from './markdown-lists.ts';
import type { BlockState } from './markdown-state.ts';
import { isToken } from './markdown-token.ts';

/** Lists and quotes that are kept inside of each other; what is deeper is text. */
const deepest = 12;

/** The blocks that Markdown's tokens stand for. */
export function blocksOf(tokens: readonly Token[], state: BlockState): readonly DocumentNode[] {
  return tokens.flatMap((token) => blockOf(token, state));
}

function blockOf(token: Token, state: BlockState): readonly DocumentNode[] {
  if (token.type === 'space' || token.type === 'def') return [];
  if (isToken(token, 'code')) return [codeBlock(token)];
  if (isToken(token, 'heading')) return headingNodes(token, state);
  if (isToken(token, 'hr')) return state.within === undefined ? [{ type: 'rule' }] : [];
  if (state.depth >= deepest) return textBlock(token.raw);
  if (isToken(token, 'blockquote')) return quoteNodes(token, state);
  if (isToken(token, 'list')) return listNodes(token, state, blocksOf);
  if (isToken(token, 'table')) return state.within === undefined ? [tableNode(token)] : textBlock(token.raw);
  const inline = 'tokens' in token && token.tokens !== undefined ? inlineNodes(token.tokens) : lineNodes(token.raw.trimEnd());
  return inline.length === 0 ? [] : [paragraphOf(inline)];
}

/** Source that has no form of its own here. */
function textBlock(raw: string): readonly DocumentNode[] {
  const text = raw.trim();
  return text === '' ? [] : [paragraphOf(lineNodes(text))];
}

function codeBlock({ text, lang }: Tokens.Code): DocumentNode {
  const language = /^[\w+#.-]{1,40}/.exec(lang ?? '')?.[0];
  return { type: 'codeBlock', ...(language === undefined ? {} : { attrs: { language } }), content: textNodes(text) };
}

function headingNodes({ depth, tokens }: Tokens.Heading, { within }: BlockState): readonly DocumentNode[] {
  if (within !== undefined) return tokens.length === 0 ? [] : [paragraphOf(inlineNodes(tokens, [{ type: 'strong' }]))];
  return [{ type: 'heading', attrs: { level: Math.min(6, Math.max(1, depth)) }, content: inlineNodes(tokens) }];
}

/** A quote has no room for another quote: what is quoted in it stands in it itself. Inside of an item it is its text. */
function quoteNodes({ tokens }: Tokens.Blockquote, state: BlockState): readonly DocumentNode[] {
  const inner = state.within ?? 'blockquote';
  const content = blocksOf(tokens, { ...state, depth: state.depth + 1, within: inner });
  if (state.within !== undefined || content.length === 0) return content;
  return [{ type: 'blockquote', content }];
}

function tableNode({ header, rows }: Tokens.Table): DocumentNode {
  const row = (type: string, cells: readonly Tokens.TableCell[]): DocumentNode => ({
    type: 'tableRow',
    content: cells.map(({ tokens }) => ({ type, content: [paragraphOf(inlineNodes(tokens))] })),
  });
  return { type: 'table', content: [row('tableHeader', header), ...rows.map((cells) => row('tableCell', cells))] };
}
