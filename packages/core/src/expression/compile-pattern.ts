import { RE2JS } from 're2js';
import { type Frame, spendSteps } from './frame.ts';
import { patternWeight } from './pattern-weight.ts';

/** A compiled pattern. `test` pays for the text's length times the pattern's size before it looks. */
export interface Pattern {
  /** About how many instructions the pattern has. */
  readonly weight: number;
  test(frame: Frame, text: string): boolean;
}

/** Longest pattern, in characters. */
const longestPattern = 256;
/** Largest pattern, in instructions. */
export const heaviestPattern = 2_000;

// The engine's automaton grows with the texts it has seen, to 8 MiB; after about this many bytes it is dropped and begun anew.
const retainedBytes = 1_000_000;

/**
 * Compiles an RE2 pattern: linear time, no back references, no look-around. Answers the reason as a string where it is none. It matches
 * anywhere in the text unless `^` and `$` say otherwise, as CEL's `matches` does.
 */
export function compilePattern(source: string, ignoreCase = false): Pattern | string {
  if (source.length > longestPattern) return `a pattern has at most ${longestPattern} characters`;
  const full = ignoreCase ? `(?i)${source}` : source;
  const weight = patternWeight(full);
  if (weight > heaviestPattern) return 'the pattern is too large, lower its repeat counts';
  const first = compileWithEngine(full);
  if (typeof first === 'string') return first;
  let engine = first;
  let seen = 0;
  const size = engine.programSize();
  return {
    weight,
    test(frame, text) {
      spendSteps(frame, 2 + Math.ceil((text.length * size) / 16));
      seen += text.length * (size + 64);
      const found = engine.test(text);
      if (seen > retainedBytes) {
        engine = RE2JS.compile(full);
        seen = 0;
      }
      return found;
    },
  };
}

function compileWithEngine(source: string): RE2JS | string {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/: `[\s\S]*$/, '').replace(/^error parsing regexp: /, '') : 'not RE2';
    return `the pattern is not RE2 (${reason.slice(0, 60)})`;
  }
}
