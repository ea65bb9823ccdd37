import type { Token } from 'marked';
import type { DocumentNode } from './document-node.ts';

/** Where in a document the blocks stand. */
export interface BlockState {
  /** Lists and quotes around them. */
  readonly depth: number;
  /** How many ids of tasks have been given; each document counts for itself. */
  readonly tasks: { given: number };
  /** A list's item or a quote has room for fewer kinds of blocks. @default all of them */
  readonly within?: 'listItem' | 'blockquote';
}

/** Makes the blocks of tokens: what stands inside of a list is made as what stands outside of it. */
export type MakeBlocks = (tokens: readonly Token[], state: BlockState) => readonly DocumentNode[];
