/** A stretch of an expression's source: the first UTF-16 unit, and one past the last. */
export interface Site {
  readonly start: number;
  readonly end: number;
}

/** Most characters of a source that an error quotes. */
const longestExcerpt = 60;

/** The source at a site on one line, cut to 60 characters. */
export function excerptOf(source: string, site: Site): string {
  const text = source.slice(site.start, Math.max(site.end, site.start + 1)).replace(/\s+/g, ' ');
  return text.length <= longestExcerpt ? text : `${text.slice(0, longestExcerpt - 1)}…`;
}

/** Line and column of an offset, both counted from 1. */
export function lineAndColumn(source: string, offset: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastBreak };
}

/** `line 1, column 7`. */
export function describePosition(source: string, offset: number): string {
  const { line, column } = lineAndColumn(source, offset);
  return `line ${line}, column ${column}`;
}
