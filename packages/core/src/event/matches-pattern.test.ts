import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEventPattern, matchesPattern } from './matches-pattern.ts';

describe('a pattern', () => {
  it.each([
    ['*', 'order', true],
    ['*', 'github.issue.opened', true],
    ['github.issue.opened', 'github.issue.opened', true],
    ['github.issue.opened', 'github.issue.closed', false],
    ['github.issue.*', 'github.issue.opened', true],
    ['github.issue.*', 'github.issue', false],
    ['github.*', 'github.issue.opened', true],
    ['github.*', 'gitlab.issue.opened', false],
    ['github.*', 'github', false],
    ['*.issue.*', 'github.issue.opened', true],
    ['*.opened', 'issue.opened', true],
    ['*.opened', 'github.issue.opened', false],
    ['github.*.opened', 'github.issue.opened', true],
    ['github.*.opened', 'github.issue.comment.opened', false],
    ['*.*', 'order', false],
    ['*.*', 'a.b.c', true],
    ['github', 'github.issue', false],
    ['GitHub.issue.opened', 'github.issue.opened', false],
  ])('%s over %s: %s', (pattern, type, matches) => {
    expect(matchesPattern(pattern, type)).toBe(matches);
  });

  it.each(['*', 'a', 'a.b', 'a.*', '*.a', 'a.*.b', '*.*', 'a-b_c.1'])('may be %s', (pattern) => {
    expect(isEventPattern(pattern)).toBe(true);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', '**', 'a.**', 'a*', 'a.b*', 'a b', 'a.ü', 'a\n', `${'a.'.repeat(100)}a`])(
    'may not be %j',
    (pattern) => {
      expect(isEventPattern(pattern)).toBe(false);
    },
  );

  const segment = fc.constantFrom('a', 'b', 'c');
  const typed = fc.array(segment, { minLength: 1, maxLength: 5 });

  it('agrees with the same rule written as a regular expression', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(segment, fc.constant('*')), { minLength: 1, maxLength: 5 }), typed, (pattern, type) => {
        const [last, ...before] = pattern.toReversed();
        const parts = [...before.toReversed().map((each) => (each === '*' ? '[a-c]' : each)), last === '*' ? '[a-c](\\.[a-c])*' : last];
        expect(matchesPattern(pattern.join('.'), type.join('.'))).toBe(new RegExp(`^${parts.join('\\.')}$`).test(type.join('.')));
      }),
      { numRuns: 1_000 },
    );
  });
});
