/** A pattern that takes exponential or quadratic time in engines that backtrack, and a text that shows it. */
export interface SlowPattern {
  readonly pattern: string;
  readonly text: string;
}

/** Patterns that RE2 answers in linear time. */
export const slowPatterns: readonly SlowPattern[] = [
  { pattern: '^(a+)+$', text: `${'a'.repeat(28)}!` },
  { pattern: '^(a|aa)+$', text: `${'a'.repeat(40)}!` },
  { pattern: '^(a|a?)+$', text: `${'a'.repeat(28)}!` },
  {
    pattern: '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
    text: `${'a'.repeat(35)}!`,
  },
  { pattern: '^(([a-z])+.)+[A-Z]([a-z])+$', text: 'a'.repeat(30) },
  { pattern: '(x+x+)+y', text: 'x'.repeat(28) },
  { pattern: '^(\\w+\\s?)*$', text: `${'word '.repeat(400)}!` },
  { pattern: '(.*)*=(.*)*;', text: 'a'.repeat(2_000) },
  { pattern: '^(([^<>]+)*)$', text: `${'a'.repeat(2_000)}<` },
  { pattern: '(a?){50}a{50}$', text: `${'a'.repeat(49)}b` },
];

/** A quadratic pattern on a text that is long, trailing space and all. */
export const longTexts: readonly SlowPattern[] = [
  { pattern: '\\s+$', text: `${' '.repeat(50_000)}x` },
  { pattern: '^\\s+|\\s+$', text: `x${' '.repeat(50_000)}x` },
];

/** What is no pattern of RE2, or too large for one. */
export const refusedPatterns: readonly string[] = [
  '(?:',
  '(*1000)',
  `${'('.repeat(1_000)}a${')'.repeat(1_000)}`,
  '(a)\\1',
  '(?=a)b',
  '(?!a)b',
  '(?<=a)b',
  '(?<!a)b',
  '(?>a+)b',
  'a{1001}',
  '(a{500}){3}',
  '((a{100}){100}){100}',
  `(?:${'a'.repeat(240)}){1000}`,
  'x{1000}'.repeat(36),
  '[a-z]{1,1000}'.repeat(18),
  `(?i)${'[B-\\x{1E000}]'.repeat(15)}`,
  `(?:${'a'.repeat(100)}[[:alpha:](]){1000}`,
  `(?:${'a'.repeat(100)}\\Q(\\E){1000}`,
  '[a',
  '*a',
  'a'.repeat(257),
];
