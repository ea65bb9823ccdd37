import { isForbiddenName } from './forbidden-name.ts';

/** The way to a value from the root of a scope: names of members, and numbers for places in lists. */
export type Path = readonly (string | number)[];

/** What parsing a path answers: its segments, or why it is none and at which offset. */
export type ParsedPath = { readonly path: Path } | { readonly reason: string; readonly offset: number };

/** Longest path text, in characters. */
const longestPath = 512;

const namePattern = /[A-Za-z_]\w*|\d+/y;
const indexPattern = /\[(\d{1,9})\]/y;
const quotedPattern = /\[(?:'((?:[^'\\]|\\['\\])*)'|"((?:[^"\\]|\\["\\])*)")\]/y;

/**
 * Reads a dotted path such as `event.data.labels[0].name` or `event.data['x y']`. Names are ASCII letters, digits
 * and `_`, as in CEL, or a place in a list; any other name stands quoted in brackets. `__proto__`, `constructor` and `prototype` are refused, as are empty segments.
 */
export function parsePath(text: string): ParsedPath {
  if (text.length > longestPath) return { reason: `a path has at most ${longestPath} characters`, offset: longestPath };
  const path: (string | number)[] = [];
  let offset = 0;
  while (offset < text.length || path.length === 0) {
    const step = readSegment(text, offset, path.length === 0);
    if ('reason' in step) return step;
    path.push(step.segment);
    offset = step.next;
  }
  return { path };
}

type Step = { readonly segment: string | number; readonly next: number } | { readonly reason: string; readonly offset: number };

function readSegment(text: string, offset: number, first: boolean): Step {
  if (text[offset] === '[') return readBracket(text, offset);
  const start = first ? offset : offset + 1;
  if (!first && text[offset] !== '.') return { reason: `"." or "[" is expected`, offset };
  namePattern.lastIndex = start;
  const name = namePattern.exec(text)?.[0];
  if (name === undefined) return { reason: "a name is expected; write other names as ['…']", offset: start };
  return admitted(name, { offset: start, next: start + name.length });
}

function readBracket(text: string, offset: number): Step {
  indexPattern.lastIndex = offset;
  const index = indexPattern.exec(text);
  if (index !== null) return { segment: Number(index[1]), next: offset + index[0].length };
  quotedPattern.lastIndex = offset;
  const quoted = quotedPattern.exec(text);
  if (quoted === null) return { reason: 'a bracket holds a number or a quoted name and is closed', offset };
  const name = (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1');
  return admitted(name, { offset, next: offset + quoted[0].length });
}

function admitted(name: string, place: { readonly offset: number; readonly next: number }): Step {
  if (isForbiddenName(name)) return { reason: `the name ${name} is not allowed in a path`, offset: place.offset };
  return { segment: name, next: place.next };
}

/** Writes a path as {@link parsePath} reads it. */
export function formatPath(path: Path): string {
  return path.map((segment, index) => formatSegment(segment, index === 0)).join('');
}

function formatSegment(segment: string | number, first: boolean): string {
  if (typeof segment === 'number') return `[${segment}]`;
  if (/^(?:[A-Za-z_]\w*|\d+)$/.test(segment)) return first ? segment : `.${segment}`;
  return `['${segment.replace(/['\\]/g, '\\$&')}']`;
}
