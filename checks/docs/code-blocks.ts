import type { SourceTree } from '../architecture/source-tree.ts';

/** A TypeScript block of a Markdown file. */
export interface CodeBlock {
  /** The Markdown file, from the root. */
  readonly document: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
  readonly code: string;
  /** The fence says `ts run`: a whole program, which ends by itself with 0. */
  readonly program: boolean;
}

/** Every block of every Markdown file whose fence says `ts`. */
export function codeBlocks(tree: SourceTree): readonly CodeBlock[] {
  const documents = [...tree].filter(
    ([path]) => path.endsWith('.md') && !/\/(api|__fixtures__)\//.test(path) && !path.startsWith('.changeset/'),
  );
  return documents.flatMap(([document, text]) =>
    [...text.matchAll(/^```ts( run)?\n(.*?)^```$/gms)].map((match) => ({
      document,
      line: text.slice(0, match.index).split('\n').length,
      code: match[2] ?? '',
      program: match[1] !== undefined,
    })),
  );
}
