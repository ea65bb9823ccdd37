import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { longTexts, refusedPatterns, slowPatterns } from './__fixtures__/slow-patterns.ts';
import { compilePattern, heaviestPattern, type Pattern } from './compile-pattern.ts';
import { defaultLimits } from './expression-limits.ts';
import { createFrame } from './frame.ts';
import { patternWeight } from './pattern-weight.ts';

function compiled(source: string, ignoreCase = false): Pattern {
  const pattern = compilePattern(source, ignoreCase);
  if (typeof pattern === 'string') throw new Error(pattern);
  return pattern;
}

const frame = () => createFrame({}, defaultLimits);

describe('patterns', () => {
  test.each([...slowPatterns, ...longTexts])('$pattern answers within the fuel of one evaluation', ({ pattern, text }) => {
    const spending = frame();
    expect(typeof compiled(pattern).test(spending, text)).toBe('boolean');
    expect(spending.steps).toBeGreaterThan(0);
    expect(spending.steps).toBeLessThan(defaultLimits.steps);
  });

  test.each(slowPatterns)('$pattern answers as the host does on a short text', ({ pattern, text }) => {
    const short = `${text.slice(0, 12)}${text.slice(-1)}`;
    expect(compiled(pattern).test(frame(), short)).toBe(new RegExp(pattern).test(short));
  });

  test.each(refusedPatterns)('%s is refused', (pattern) => {
    expect(typeof compilePattern(pattern)).toBe('string');
  });

  test('a text too long for the fuel is not looked at', () => {
    const pattern = compiled('(a?){50}a{50}b');
    expect(() => pattern.test(frame(), 'a'.repeat(100_000))).toThrow(expect.objectContaining({ final: true }));
  });

  test('it matches anywhere, and without regard to case where asked', () => {
    expect(compiled('b').test(frame(), 'abc')).toBe(true);
    expect(compiled('^b').test(frame(), 'abc')).toBe(false);
    expect(compiled('B').test(frame(), 'abc')).toBe(false);
    expect(compiled('B', true).test(frame(), 'abc')).toBe(true);
  });

  test('it answers the same after its automaton was dropped', () => {
    const pattern = compiled('(a|b)*a(a|b){6}$');
    const text = 'ab'.repeat(2_000);
    const answers = Array.from({ length: 40 }, () => pattern.test(frame(), text));
    expect(new Set(answers)).toEqual(new Set([pattern.test(frame(), text)]));
  });
});

const piece = fc.constantFrom(
  ...['a', 'b', '.', '\\d', '[a-z]', '[^x]', '(', '(?:', ')', '*', '+', '?', '{3}', '{2,5}', '{0,20}', '{100}', '|', '^', '$', '\\b'],
  ...['\\pL', '(?i)', '[[:alpha:](]', '[[:^digit:])]', '\\Q(\\E', '\\Q)\\E', '[\\]()]', '[](]', '[^)]', '\\Q', '\\E', '[a', 'é', '(?i:k)'],
);

test('a repetition behind flags is of what stands before them', () => {
  expect(patternWeight('a{0,20}(?i){0,20}')).toBeGreaterThan(400);
});

test('the weight of a pattern is at least half of what the engine makes of it', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const source = pieces.join('');
      const weight = patternWeight(source);
      if (weight > heaviestPattern) return;
      expect(engineSize(source)).toBeLessThanOrEqual(weight * 2 + 8);
    }),
    { numRuns: 3_000 },
  );
});

function engineSize(source: string): number {
  try {
    return RE2JS.compile(source).programSize();
  } catch {
    return 0;
  }
}
