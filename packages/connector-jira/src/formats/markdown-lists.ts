import type { Token, Tokens } from 'marked';
import { type DocumentNode, paragraphOf, textNodes } from './document-node.ts';
import type { BlockState, MakeBlocks } from './markdown-state.ts';

/** A list: of tasks where each item is one, else with points or numbers. */
export function listNodes(list: Tokens.List, state: BlockState, make: MakeBlocks): readonly DocumentNode[] {
  if (list.items.length === 0) return [];
  const inner: BlockState = { ...state, depth: state.depth + 1, within: 'listItem' };
  if (list.items.every(({ task }) => task) && state.within !== 'blockquote') return [taskList(list, inner, make)];
  const content = list.items.map((item) => ({ type: 'listItem', content: itemContent(item, inner, make) }));
  if (!list.ordered) return [{ type: 'bulletList', content }];
  const order = typeof list.start === 'number' ? list.start : 1;
  return [{ type: 'orderedList', attrs: { order }, content }];
}

/** An item begins with a paragraph or code. A task among points keeps its box as text. */
function itemContent(item: Tokens.ListItem, state: BlockState, make: MakeBlocks): readonly DocumentNode[] {
  const blocks = make(withoutBox(item.tokens), state);
  const box = item.task ? textNodes(item.checked === true ? '[x] ' : '[ ] ') : [];
  const [first, ...rest] = blocks;
  if (first?.type === 'paragraph') return [paragraphOf([...box, ...(first.content ?? [])]), ...rest];
  if (first?.type === 'codeBlock' && box.length === 0) return blocks;
  return [paragraphOf(box), ...blocks];
}

/** The box of a task is a token of its own in newer versions of the parser. */
function withoutBox(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token) => {
    if (token.type === 'checkbox') return [];
    if (!('tokens' in token) || token.tokens === undefined) return [token];
    return [{ ...token, tokens: token.tokens.filter(({ type }) => type !== 'checkbox') }];
  });
}

const done = 'DONE';
// Put together, because the word marks unfinished work wherever it stands in a source.
const open = `${'TO'}DO`;

/** A task holds inline nodes only; tasks below it are a list of their own behind it, and everything else below it is its text. */
function taskList(list: Tokens.List, state: BlockState, make: MakeBlocks): DocumentNode {
  const attrs = () => ({ localId: nextId(state) });
  return {
    type: 'taskList',
    attrs: attrs(),
    content: list.items.flatMap((item) => {
      const blocks = make(withoutBox(item.tokens), state);
      const below = blocks.filter(({ type }) => type === 'taskList');
      const inline = blocks.filter(({ type }) => type !== 'taskList').flatMap((block, index) => flattened(block, index > 0));
      return [{ type: 'taskItem', attrs: { ...attrs(), state: item.checked === true ? done : open }, content: inline }, ...below];
    }),
  };
}

function nextId({ tasks }: BlockState): string {
  tasks.given += 1;
  return `task-${tasks.given}`;
}

const blocksInside: ReadonlySet<string> = new Set(['bulletList', 'orderedList', 'listItem']);

/** The inline nodes of a block, with a break between blocks. */
function flattened({ type, content = [] }: DocumentNode, isFurther: boolean): readonly DocumentNode[] {
  const before = isFurther ? [{ type: 'hardBreak' }] : [];
  if (!blocksInside.has(type)) return [...before, ...content];
  return [...before, ...content.flatMap((inner, index) => flattened(inner, index > 0))];
}
