/** One link of a `Link` header. */
export interface WebLink {
  /** As it stands between the angle brackets; relative to what was asked for. */
  readonly target: string;
  /** Relations in lower case; the first `rel` counts (RFC 8288, section 3.3). */
  readonly relations: readonly string[];
  /** True where it says that it is about something else than what was asked for (`anchor`). */
  readonly isAnchored: boolean;
}

/** Longest header that is read, characters, and most links. */
const longest = { header: 65_536, links: 200 };

const space = /[ \t]*/y;
const target = /<([^<>\s]*)>/y;
const name = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const quoted = /"((?:[^"\\]|\\.)*)"/y;
const bare = /[^\s;,"]*/y;

/**
 * The links of a header, by the algorithm of RFC 8288, appendix B.2: values may be quoted and hold commas and semicolons, a link may have several
 * relations. Reading ends at the first link that is none.
 */
export function parseLinks(header: string): readonly WebLink[] {
  const links: WebLink[] = [];
  const text = header.slice(0, longest.header);
  let at = 0;
  const take = (shape: RegExp): RegExpExecArray | null => {
    shape.lastIndex = at;
    const found = shape.exec(text);
    if (found !== null) at = shape.lastIndex;
    return found;
  };
  const skip = (sign: string): boolean => {
    take(space);
    if (text[at] !== sign) return false;
    at += 1;
    take(space);
    return true;
  };
  while (links.length < longest.links) {
    while (skip(','));
    const [, reference] = take(target) ?? [];
    if (reference === undefined) return links;
    const parameters = new Map<string, string>();
    while (skip(';')) {
      const parameter = take(name)?.[0].toLowerCase();
      if (parameter === undefined) continue;
      const value = skip('=') ? (take(quoted)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? take(bare)?.[0] ?? '') : '';
      if (!parameters.has(parameter)) parameters.set(parameter, value);
    }
    const relations = (parameters.get('rel') ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((relation) => relation !== '');
    links.push({ target: reference, relations, isAnchored: parameters.has('anchor') });
    take(space);
    if (text[at] !== ',') return links;
  }
  return links;
}
