/** A file that a guide tells its reader to make. */
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
