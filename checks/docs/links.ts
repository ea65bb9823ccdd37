import { posix } from 'node:path';
import type { SourceTree } from '../architecture/source-tree.ts';
import { anchorsOf, withoutCode } from './markdown.ts';

/** A link of a Markdown file to something in this repository. */
export interface RelativeLink {
  readonly line: number;
  /** Path from the root of the repository, without a slash at its end; empty for the root itself. */
  readonly path: string;
  /** What follows the `#`; `null` where there is none. */
  readonly anchor: string | null;
}

const inline = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const reference = /^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/gm;

/** The links of a file that stay in this repository, images and references included. What is in code is none. */
export function relativeLinks(document: string, markdown: string): readonly RelativeLink[] {
  const text = withoutCode(markdown);
  return [...text.matchAll(inline), ...text.matchAll(reference)].flatMap((match) => {
    const target = match[1] ?? '';
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return [];
    const [path = '', anchor] = target.split('#', 2);
    const resolved = path === '' ? document : posix.join(posix.dirname(document), decodeURIComponent(path)).replace(/\/$/, '');
    return [
      {
        line: text.slice(0, match.index).split('\n').length,
        path: resolved === '.' ? '' : resolved,
        anchor: anchor === undefined ? null : decodeURIComponent(anchor),
      },
    ];
  });
}

/** Links that lead to no file and no folder of the repository, or to no heading of the file. */
export function findLinkFaults(tree: SourceTree): readonly string[] {
  const paths = [...tree.keys()];
  const folders = new Set(['', ...paths.flatMap((path) => path.split('/').map((_, index, parts) => parts.slice(0, index).join('/')))]);
  return [...tree]
    .filter(([path]) => path.endsWith('.md'))
    .flatMap(([document, markdown]) =>
      relativeLinks(document, markdown).flatMap(({ line, path, anchor }) => {
        const target = tree.get(path);
        const place = `${document}:${line}`;
        if (target === undefined && !folders.has(path)) return [`${place}: there is no ${path}`];
        const isThere = anchor === null || (target !== undefined && anchorsOf(target).has(anchor));
        return isThere ? [] : [`${place}: ${path} has no heading #${anchor}`];
      }),
    );
}
