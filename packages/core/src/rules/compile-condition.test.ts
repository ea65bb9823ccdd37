import { describe, expect, test } from 'vitest';
import { compileCondition } from './compile-condition.ts';
import type { Comparison, Condition } from './condition.ts';

const scope = {
  event: {
    type: 'github.issue.opened',
    data: {
      n: 3,
      big: 9_007_199_254_740_993n,
      small: 12n,
      text: 'Crash on Start',
      nothing: null,
      ok: true,
      at: '2026-01-31T08:00:00+01:00',
      labels: [
        { name: 'bug', weight: 2 },
        { name: 'P1', weight: 5 },
      ],
      tags: ['Red', 'green'],
      empty: [],
      nested: [{ items: [{ id: 1 }] }, { items: [] }],
      'x-y': 1,
      object: { a: [1, 2] },
      constructor: 'own',
    },
  },
};

const test_ = (condition: Condition): boolean => {
  const compiled = compileCondition(condition);
  const verdict = compiled.test(scope);
  expect(compiled.explain(scope).verdict).toBe(verdict);
  return verdict;
};

const errorOf = (condition: Condition): string | undefined => compileCondition(condition).explain(scope).error;

/** Each row is a field below `event.data`, an operator with its operand, and the verdict; `undefined` means that it errs. */
const rows: readonly (readonly [field: string, comparison: Comparison, verdict: boolean | undefined])[] = [
  ['n', { op: 'equals', value: 3 }, true],
  ['n', { op: 'equals', value: '3' }, false],
  ['nothing', { op: 'equals', value: null }, true],
  ['absent', { op: 'equals', value: null }, false],
  ['text', { op: 'equals', value: 'crash on start' }, false],
  ['text', { op: 'equals', value: 'crash ON start', ignoreCase: true }, true],
  ['object', { op: 'equals', value: { a: [1, 2] } }, true],
  ['object', { op: 'equals', value: { a: [1] } }, false],
  ['absent', { op: 'equals', value: {} }, false],
  ['ok', { op: 'equals', value: true }, true],
  ["['x-y']", { op: 'equals', value: 1 }, true],
  ['labels[1].name', { op: 'equals', value: 'P1' }, true],
  ['labels.0.name', { op: 'equals', value: 'bug' }, true],
  ['n', { op: 'not_equals', value: 4 }, true],
  ['absent', { op: 'not_equals', value: 4 }, true],
  ['n', { op: 'in', value: [1, 2, 3] }, true],
  ['big', { op: 'in', value: [9_007_199_254_740_992] }, false],
  ['text', { op: 'in', value: ['CRASH ON START'] }, false],
  ['text', { op: 'in', value: ['CRASH ON START'], ignoreCase: true }, true],
  ['absent', { op: 'in', value: [null] }, false],
  ['small', { op: 'in', value: [12] }, true],
  ['small', { op: 'equals', value: 12 }, true],
  ['big', { op: 'equals', value: 9_007_199_254_740_992 }, false],
  ['nothing', { op: 'in', value: [null] }, true],
  ['n', { op: 'not_in', value: [1] }, true],
  ['absent', { op: 'not_in', value: [1] }, true],
  ['text', { op: 'contains', value: 'on' }, true],
  ['text', { op: 'contains', value: 'ON' }, false],
  ['text', { op: 'contains', value: 'ON', ignoreCase: true }, true],
  ['tags', { op: 'contains', value: 'green' }, true],
  ['tags', { op: 'contains', value: 'red' }, false],
  ['tags', { op: 'contains', value: 'red', ignoreCase: true }, true],
  ['absent', { op: 'contains', value: 'a' }, false],
  ['n', { op: 'contains', value: 'a' }, undefined],
  ['text', { op: 'contains', value: 3 }, undefined],
  ['text', { op: 'not_contains', value: 'xyz' }, true],
  ['absent', { op: 'not_contains', value: 'xyz' }, true],
  ['n', { op: 'not_contains', value: 'xyz' }, undefined],
  ['text', { op: 'starts_with', value: 'Crash' }, true],
  ['text', { op: 'starts_with', value: 'crash', ignoreCase: true }, true],
  ['text', { op: 'ends_with', value: 'Start' }, true],
  ['text', { op: 'ends_with', value: 'start' }, false],
  ['n', { op: 'starts_with', value: '3' }, undefined],
  ['text', { op: 'matches', value: '^Crash\\b' }, true],
  ['text', { op: 'matches', value: 'START$', ignoreCase: true }, true],
  ['text', { op: 'matches', value: 'START$' }, false],
  ['absent', { op: 'matches', value: '' }, false],
  ['n', { op: 'matches', value: '3' }, undefined],
  ['n', { op: 'exists' }, true],
  ['nothing', { op: 'exists' }, false],
  ['absent', { op: 'exists' }, false],
  ['absent.deeper', { op: 'not_exists' }, true],
  ['text.length', { op: 'exists' }, false],
  ['toString', { op: 'exists' }, false],
  ['n', { op: 'greater_than', value: 2 }, true],
  ['n', { op: 'greater_than', value: 3 }, false],
  ['n', { op: 'greater_or_equal', value: 3 }, true],
  ['n', { op: 'less_than', value: 3.5 }, true],
  ['n', { op: 'less_or_equal', value: 2 }, false],
  ['big', { op: 'greater_than', value: 9_007_199_254_740_992 }, true],
  ['text', { op: 'less_than', value: 'D' }, true],
  ['text', { op: 'greater_than', value: 5 }, undefined],
  ['n', { op: 'greater_than', value: '2' }, undefined],
  ['absent', { op: 'greater_than', value: 2 }, false],
  ['at', { op: 'before', value: '2026-01-31T07:30:00Z' }, true],
  ['at', { op: 'after', value: '2026-01-31T07:30:00Z' }, false],
  ['at', { op: 'before', value: '2026-01-31T07:00:00Z' }, false],
  ['text', { op: 'before', value: '2026-01-31T07:30:00Z' }, undefined],
  ['n', { op: 'after', value: '2026-01-31T07:30:00Z' }, undefined],
  ['absent', { op: 'after', value: '2026-01-31T07:30:00Z' }, false],
  ['labels', { op: 'some', where: { field: 'name', op: 'equals', value: 'bug' } }, true],
  ['labels', { op: 'some', where: { field: 'name', op: 'equals', value: 'p1' } }, false],
  ['labels', { op: 'every', where: { field: 'weight', op: 'greater_than', value: 1 } }, true],
  ['labels', { op: 'every', where: { field: 'weight', op: 'greater_than', value: 2 } }, false],
  ['labels', { op: 'none', where: { field: 'weight', op: 'greater_than', value: 5 } }, true],
  ['tags', { op: 'some', where: { op: 'equals', value: 'Red' } }, true],
  ['tags', { op: 'some', where: { cel: 'item == "green" && event.data.ok' } }, true],
  ['labels', { op: 'some', where: { all: [{ field: 'name', op: 'exists' }, { cel: 'item.weight > 4' }] } }, true],
  [
    'nested',
    {
      op: 'some',
      where: { field: 'items', op: 'some', where: { all: [{ cel: 'item.id == 1' }, { field: 'id', op: 'equals', value: 1 }] } },
    },
    true,
  ],
  ['empty', { op: 'some', where: { op: 'exists' } }, false],
  ['empty', { op: 'every', where: { op: 'not_exists' } }, true],
  ['empty', { op: 'none', where: { op: 'exists' } }, true],
  ['absent', { op: 'some', where: { op: 'exists' } }, false],
  ['absent', { op: 'every', where: { op: 'exists' } }, false],
  ['absent', { op: 'none', where: { op: 'exists' } }, true],
  ['object', { op: 'some', where: { op: 'exists' } }, undefined],
  ['labels', { op: 'some', where: { field: 'name', op: 'greater_than', value: 1 } }, undefined],
  [
    'labels',
    {
      op: 'some',
      where: {
        any: [
          { field: 'name', op: 'greater_than', value: 1 },
          { field: 'weight', op: 'equals', value: 5 },
        ],
      },
    },
    true,
  ],
  ['labels', { op: 'none', where: { field: 'name', op: 'greater_than', value: 1 } }, undefined],
];

describe('operators', () => {
  test.each(rows)('%s %j is %s', (field, comparison, verdict) => {
    const path = field.startsWith('[') ? `event.data${field}` : `event.data.${field}`;
    const condition: Condition = { ...comparison, field: path };
    expect(test_(condition)).toBe(verdict ?? false);
    expect(test_({ not: condition })).toBe(verdict === undefined ? false : !verdict);
    expect(errorOf(condition) === undefined).toBe(verdict !== undefined);
  });
});

const yes: Condition = { cel: 'true' };
const no: Condition = { cel: 'false' };
const errs: Condition = { cel: 'event.nope' };

describe('groups', () => {
  test.each<[Condition, boolean, boolean]>([
    [{ all: [] }, true, false],
    [{ all: [yes, yes] }, true, false],
    [{ all: [yes, no] }, false, false],
    [{ any: [no, yes] }, true, false],
    [{ any: [no, no] }, false, false],
    [{ all: [errs, no] }, false, false],
    [{ all: [no, errs] }, false, false],
    [{ all: [errs, yes] }, false, true],
    [{ any: [errs, yes] }, true, false],
    [{ any: [errs, no] }, false, true],
    [{ not: errs }, false, true],
    [{ not: { all: [errs, no] } }, true, false],
    [{ not: { not: errs } }, false, true],
    [{ not: { any: [errs, errs] } }, false, true],
  ])('%j is %s, errs: %s', (condition, verdict, fails) => {
    expect(test_(condition)).toBe(verdict);
    expect(errorOf(condition) !== undefined).toBe(fails);
  });

  test('without a condition it always holds', () => {
    const compiled = compileCondition(undefined);
    expect(compiled.test({})).toBe(true);
    expect(compiled.explain({})).toEqual({ kind: 'always', verdict: true });
  });

  test('a formula that answers no bool errs', () => {
    expect(test_({ cel: 'event.data.n' })).toBe(false);
    expect(errorOf({ cel: 'event.data.n' })).toBe('the formula answers double, not a bool');
  });
});

describe('compiling', () => {
  test.each<[Condition, string]>([
    [{ field: 'event.__proto__.x', op: 'exists' }, 'at field: the name __proto__ is not allowed in a path'],
    [{ all: [{ not: { field: 'event..x', op: 'exists' } }] }, 'at all[0].not.field: a name is expected'],
    [{ field: 'evnt.x', op: 'exists' }, 'at field: there is no variable "evnt"; there are event'],
    [{ field: 'event.a', op: 'some', where: { field: 'constructor', op: 'exists' } }, 'at where.field: the name constructor'],
    [{ any: [{ cel: 'evnt.x' }] }, 'at any[0].cel: The expression is not valid at line 1, column 1: there is no variable "evnt"'],
    [{ field: 'event.a', op: 'none', where: { cel: 'itm.x' } }, 'at where.cel'],
    [{ field: 'event.a', op: 'matches', value: '(a' }, 'at value: the pattern is not RE2'],
    [{ field: 'event.a', op: 'matches', value: 'x{1000}'.repeat(9) }, 'at value: the pattern is too large'],
    [
      { all: Array.from({ length: 20 }, (): Condition => ({ field: 'event.a', op: 'matches', value: 'x{900}' })) },
      'the patterns together are too large',
    ],
    [{ all: Array.from({ length: 20 }, (): Condition => ({ cel: '"a".matches("x{900}")' })) }, 'the patterns together are too large'],
    [
      { all: Array.from({ length: 20 }, (): Condition => ({ cel: `"${'x'.repeat(4_000)}" == ""` })) },
      'the expressions together are too long',
    ],
  ])('%j is refused: %s', (condition, reason) => {
    expect(() => compileCondition(condition, { roots: ['event'] })).toThrow(expect.objectContaining({ code: 'condition_invalid' }));
    expect(() => compileCondition(condition, { roots: ['event'] })).toThrow(reason);
  });

  test('"item" is known to formulas of a "where" only', () => {
    expect(() => compileCondition({ cel: 'item.x' }, { roots: ['event'] })).toThrow('there is no variable "item"');
  });

  test('it tells what it reads from the root', () => {
    const { roots } = compileCondition({
      all: [
        { field: 'event.data.b', op: 'exists' },
        { field: 'event.data.a[0]', op: 'some', where: { all: [{ field: 'name', op: 'exists' }, { cel: 'item.x == event.type' }] } },
        { cel: 'event.data.c > 1' },
      ],
    });
    expect(roots).toEqual([
      ['event', 'data', 'a', 0],
      ['event', 'data', 'b'],
      ['event', 'data', 'c'],
      ['event', 'type'],
    ]);
  });
});

describe('bounds', () => {
  const large = {
    event: { text: 'a'.repeat(200_000), list: Array.from({ length: 3_000 }, (_item, index) => ({ id: index, text: 'a'.repeat(300) })) },
  };

  test.each<[string, Condition]>([
    ['a formula', { cel: 'event.list.all(a, event.list.all(b, a.id + b.id >= 0))' }],
    ['a formula for each item', { field: 'event.list', op: 'every', where: { cel: 'event.list.exists(x, x.id == item.id)' } }],
    ['a pattern', { field: 'event.text', op: 'matches', value: '(a|aa)+b' }],
    ['a pattern for each item', { field: 'event.list', op: 'every', where: { field: 'text', op: 'matches', value: 'a(a|b){20}$' } }],
    [
      'text in any case',
      { all: Array.from({ length: 20 }, (): Condition => ({ field: 'event.text', op: 'contains', value: 'A', ignoreCase: true })) },
    ],
  ])('%s that costs too much errs', (_name, condition) => {
    const compiled = compileCondition(condition);
    expect(compiled.test(large)).toBe(false);
    expect(compileCondition({ not: condition }).test(large)).toBe(false);
    expect(compiled.explain(large)).toMatchObject({ verdict: false, error: expect.stringMatching(/more (steps|data)/) });
  });

  test('an error that reached a limit outweighs what would have held', () => {
    const bomb: Condition = { cel: 'event.list.all(a, event.list.all(b, a.id + b.id >= 0))' };
    for (const condition of [{ any: [bomb, yes] }, { not: { all: [bomb, no] } }] satisfies Condition[]) {
      const compiled = compileCondition(condition);
      expect(compiled.test(large)).toBe(false);
      expect(compiled.explain(large).verdict).toBe(false);
    }
  });

  test('each test has its own fuel, so that the same data gets the same verdict however many came before', () => {
    const use = { steps: 0, bytes: 0 };
    const condition: Condition = { cel: 'event.list.all(a, a.id >= 0)' };
    compileCondition(condition).test(large, use);
    const compiled = compileCondition(condition, { limits: { steps: use.steps, bytes: Math.max(1, use.bytes) } });
    const verdicts = Array.from({ length: 5 }, () => [compiled.test(large), compiled.explain(large).verdict]);
    expect(verdicts).toEqual(Array(5).fill([true, true]));
    expect(compileCondition(condition, { limits: { steps: use.steps - 1 } }).test(large)).toBe(false);
  });

  test('what a test skips cannot change the verdict of its explanation', () => {
    const dear: Condition = { cel: 'event.list.all(a, a.id >= 0)' };
    const limits = { steps: 40_000 };
    const condition: Condition = { all: [{ any: [yes, dear, dear] }, dear, { any: [yes, dear] }] };
    const compiled = compileCondition(condition, { limits });
    expect(compiled.test(large)).toBe(true);
    expect(compiled.explain(large).verdict).toBe(true);
  });
});
