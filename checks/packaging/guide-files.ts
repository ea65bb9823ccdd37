/** A file that a guide tells its reader to write. */
export interface GuideFile {
  /** Path in the reader's folder, such as `src/index.ts`. */
  readonly path: string;
  readonly text: string;
}

/** The files of a Markdown guide: each block whose paragraph before it begins with the file's name in code, followed by a colon. */
export function guideFiles(markdown: string): readonly GuideFile[] {
  const named = /^`([\w./-]+\.(?:json|ts))`:[^\n]*\n(?:[^\n]+\n)*\n```\w+\n(.*?)^```$/gms;
  return [...markdown.matchAll(named)].map(([, path = '', text = '']) => ({ path, text }));
}

/** The flags with which a guide creates its connector. Throws where it creates none. */
export function guideFlags(markdown: string): readonly string[] {
  const [, flags] = /^pnpm create @patchbay\/connector (.+)$/m.exec(markdown) ?? [];
  if (flags === undefined) throw new Error('The guide has no line that begins with pnpm create @patchbay/connector.');
  return flags.split(' ');
}

/** The files that a guide tells its reader to take away. */
export function guideRemovals(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^rm (.+)$/gm)].flatMap(([, paths = '']) => paths.split(' '));
}

/** The code of a guide that is part of another program, not a file of its own. */
export function guideExcerpts(markdown: string): readonly string[] {
  const files = new Set(guideFiles(markdown).map(({ text }) => text));
  return [...markdown.matchAll(/^```typescript\n(.*?)^```$/gms)].map(([, text = '']) => text).filter((text) => !files.has(text));
}
