import type { Token, Tokens } from 'marked';
import { type DocumentMark, type DocumentNode, lineNodes, textNodes } from './document-node.ts';
import { isToken } from './markdown-token.ts';

/** Schemes that a link may have. Whatever else is named as an address, such as a script, is text. */
const linkShape = /^(?:https?:\/\/|mailto:)[^\s<>"]+$/i;

const mentionShape = /^accountid:([\w:-]{1,128})$/;

/** Emphasis inside of emphasis that is followed; what is deeper is text. */
const deepest = 12;

/** The inline nodes that Markdown's tokens stand for, with the marks around them. */
export function inlineNodes(tokens: readonly Token[], marks: readonly DocumentMark[] = [], depth = 0): readonly DocumentNode[] {
  return tokens.flatMap((token) => inlineOf(token, marks, depth));
}

function inlineOf(token: Token, marks: readonly DocumentMark[], depth: number): readonly DocumentNode[] {
  if (isToken(token, 'br')) return [{ type: 'hardBreak' }];
  if (isToken(token, 'codespan')) return textNodes(onOneLine(token.text), codeMarks(marks));
  if (isToken(token, 'escape')) return textNodes(token.text, marks);
  if (depth >= deepest) return textNodes(onOneLine(token.raw), marks);
  const inner = ('tokens' in token ? token.tokens : undefined) ?? [];
  const within = (mark?: DocumentMark) => inlineNodes(inner, mark === undefined ? marks : withMark(marks, mark), depth + 1);
  if (isToken(token, 'strong')) return within({ type: 'strong' });
  if (isToken(token, 'em')) return within({ type: 'em' });
  if (isToken(token, 'del')) return within({ type: 'strike' });
  if (isToken(token, 'link')) return linkNodes(token, marks, within);
  if (isToken(token, 'image')) return imageNodes(token, marks);
  if (isToken(token, 'html')) return lineNodes(token.raw, marks);
  if (inner.length > 0) return within();
  return textNodes(decoded(onOneLine(isToken(token, 'text') ? token.text : token.raw)), marks);
}

function linkNodes(
  { href, tokens, text, raw }: Tokens.Link,
  marks: readonly DocumentMark[],
  within: (mark?: DocumentMark) => readonly DocumentNode[],
): readonly DocumentNode[] {
  const account = mentionShape.exec(href)?.[1];
  if (account !== undefined) return [{ type: 'mention', attrs: { id: account, text: text === '' ? '@' : text } }];
  if (!linkShape.test(href)) return textNodes(onOneLine(raw), marks);
  return tokens.length === 0 ? textNodes(href, withMark(marks, linkTo(href))) : within(linkTo(href));
}

/** Media of a document are attachments by their ids; what Markdown names is an address. */
function imageNodes({ href, text, raw }: Tokens.Image, marks: readonly DocumentMark[]): readonly DocumentNode[] {
  if (!linkShape.test(href)) return textNodes(onOneLine(raw), marks);
  return textNodes(text === '' ? href : onOneLine(text), withMark(marks, linkTo(href)));
}

const linkTo = (href: string): DocumentMark => ({ type: 'link', attrs: { href } });

/** A document has each mark once. */
function withMark(marks: readonly DocumentMark[], mark: DocumentMark): readonly DocumentMark[] {
  return [...marks.filter(({ type }) => type !== mark.type), mark];
}

/** Code goes with a link and with no other mark. */
function codeMarks(marks: readonly DocumentMark[]): readonly DocumentMark[] {
  return [...marks.filter(({ type }) => type === 'link'), { type: 'code' }];
}

/** A single line break is a space in Markdown. */
const onOneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ');

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function decoded(text: string): string {
  return text.replaceAll(/&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7}));/g, (all, name: string | undefined, number: string | undefined) => {
    if (name !== undefined) return entities[name] ?? all;
    const code = Number(number);
    const isCharacter = code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
    return isCharacter ? String.fromCodePoint(code) : all;
  });
}
