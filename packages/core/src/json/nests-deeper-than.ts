const quote = 34;
const backslash = 92;

const space = 32;
const openObject = 123;
const closeObject = 125;
const openList = 91;
const closeList = 93;

/** Does a JSON text nest deeper than so many levels? Exact for text that is JSON. Looks first whether it has enough openings at all. */
export function nestsDeeperThan(text: string, levels: number): boolean {
  return openingsOf(text, levels) >= levels && deepestOf(text, levels) > levels;
}

/**
 * What may open a level, inside strings or outside, counted no further than `most`; found by native search. A `{` that does is followed by
 * a quote, its end or white space, which keeps out most braces of URL templates.
 */
function openingsOf(text: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf('{'); at !== -1 && count < most; at = text.indexOf('{', at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next === quote || next === closeObject || next <= space) count += 1;
  }
  for (let at = text.indexOf('['); at !== -1 && count < most; at = text.indexOf('[', at + 1)) count += 1;
  return count;
}

/** Deepest level outside strings, looked for no further than `levels` + 1. */
function deepestOf(text: string, levels: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === backslash) at += 1;
      else if (code === quote) quoted = false;
    } else if (code === quote) quoted = true;
    else if (code === openObject || code === openList) {
      depth += 1;
      if (depth > levels) return depth;
    } else if (code === closeObject || code === closeList) depth -= 1;
  }
  return 0;
}
