const quote = 34;
const backslash = 92;

/**
 * Does a JSON text nest deeper than so many levels? Exact for text that is JSON. Looks first whether it has enough openings at all, which
 * native search answers: a structural `{` is followed by a quote, its end or white space, and braces in strings mostly are not.
 */
export function nestsDeeperThan(text: string, levels: number): boolean {
  if (!/\{\s/.test(text) && countOf(text, '{"', levels) + countOf(text, '[', levels) < levels) return false;
  return deepestOf(text, levels) > levels;
}

/** Occurrences of a needle, counted no further than `most`. */
function countOf(text: string, needle: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf(needle); at !== -1 && count < most; at = text.indexOf(needle, at + 1)) count += 1;
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
    // { and [ open, } and ] close: 123, 91, 125, 93.
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > levels) return depth;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return 0;
}
