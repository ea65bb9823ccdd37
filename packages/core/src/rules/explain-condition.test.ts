import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json/json.ts';
import { compileCondition } from './compile-condition.ts';
import type { Condition, ItemCondition } from './condition.ts';
import { parseCondition } from './parse-condition.ts';
import { reasonOf } from './reason-of.ts';

const scope = {
  event: {
    data: {
      action: 'closed',
      n: 3,
      body: 'x'.repeat(500),
      nothing: null,
      labels: [{ name: 'p1' }, { name: 'ui' }],
      many: Array.from({ length: 50 }, (_item, index) => index),
    },
  },
};

const explain = (condition: Condition) => compileCondition(condition).explain(scope);
const reason = (condition: Condition): string => reasonOf(explain(condition));

describe('reports', () => {
  test('a leaf tells field, operator, operand, value, verdict', () => {
    expect(explain({ field: 'event.data.action', op: 'equals', value: 'opened', ignoreCase: true })).toEqual({
      kind: 'field',
      verdict: false,
      field: 'event.data.action',
      op: 'equals',
      expected: 'opened',
      ignoreCase: true,
      actual: { kind: 'string', text: '"closed"', size: 6 },
    });
  });

  test('every part is reported, also those that no longer mattered', () => {
    const report = explain({ any: [{ cel: 'true' }, { all: [{ cel: 'false' }, { cel: 'event.nope' }] }] });
    expect(report).toEqual({
      kind: 'any',
      verdict: true,
      conditions: [
        { kind: 'cel', verdict: true, source: 'true' },
        {
          kind: 'all',
          verdict: false,
          conditions: [
            { kind: 'cel', verdict: false, source: 'false' },
            { kind: 'cel', verdict: false, source: 'event.nope', error: expect.stringContaining('there is no member "nope"') },
          ],
        },
      ],
    });
  });

  test('the item that decides is shown, or the first few', () => {
    const where: ItemCondition = { field: 'name', op: 'equals', value: 'ui' };
    expect(explain({ field: 'event.data.labels', op: 'some', where })).toMatchObject({
      verdict: true,
      items: { where: 'name equals "ui"', samples: [{ index: 1, report: { verdict: true, actual: { text: '"ui"' } } }] },
    });
    const none = explain({ field: 'event.data.many', op: 'some', where: { op: 'equals', value: -1 } });
    expect(none).toMatchObject({ items: { samples: [{ index: 0 }, { index: 1 }, { index: 2 }] } });
  });

  test.each<[unknown, object]>([
    [undefined, { kind: 'absent', text: 'absent' }],
    [null, { kind: 'null', text: 'null' }],
    [1.5, { kind: 'number', text: '1.5' }],
    [12n, { kind: 'number', text: '12' }],
    [true, { kind: 'boolean', text: 'true' }],
    [[], { kind: 'list', text: '[]', size: 0 }],
    [{}, { kind: 'object', text: '{}', size: 0 }],
    [[1, [2, [3]], 'a', null, true, 6, 7], { kind: 'list', text: '[1, [2, [1 items]], "a", null, true, 2 more]', size: 7 }],
    [
      { a: 1, b: { c: { d: 1 } } },
      { kind: 'object', text: '{"a": 1, "b": {"c": {1 members}}}', size: 2 },
    ],
    [() => 1, { kind: 'not JSON', text: 'not JSON' }],
    [new Date(0), { kind: 'not JSON', text: 'not JSON' }],
  ])('a value %s is told as %j', (value, actual) => {
    expect(compileCondition({ field: 'event', op: 'exists' }).explain({ event: value })).toMatchObject({ actual });
  });

  test('a long value is cut', () => {
    const report = explain({ field: 'event.data.body', op: 'equals', value: 'a' });
    expect(report).toMatchObject({ actual: { kind: 'string', size: 500 } });
    expect(report.kind === 'field' && report.actual.text.length).toBe(200);
  });

  test('a report is JSON', () => {
    const report: Json = explain({
      all: [{ field: 'event.data.labels', op: 'none', where: { cel: 'has(item.x)' } }, { not: { cel: 'true' } }],
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('reasons', () => {
  test.each<[Condition, string]>([
    [{ field: 'event.data.action', op: 'equals', value: 'opened' }, 'event.data.action: does not equal "opened", it is "closed"'],
    [{ field: 'event.data.action', op: 'equals', value: 'closed' }, 'event.data.action: equals "closed"'],
    [{ field: 'event.data.nope', op: 'in', value: ['a', 1] }, 'event.data.nope: is not one of ["a", 1], it is absent'],
    [{ field: 'event.data.nope', op: 'exists' }, 'event.data.nope: does not exist'],
    [{ field: 'event.data.nothing', op: 'exists' }, 'event.data.nothing: does not exist'],
    [{ field: 'event.data.n', op: 'greater_than', value: 5 }, 'event.data.n: is not greater than 5, it is 3'],
    [{ field: 'event.data.n', op: 'contains', value: 'a' }, 'event.data.n: it is a number, neither a string nor a list'],
    [
      { field: 'event.data.labels', op: 'some', where: { field: 'name', op: 'equals', value: 'bug' } },
      'event.data.labels: no item with name equals "bug"',
    ],
    [{ field: 'event.data.nope', op: 'some', where: { op: 'exists' } }, 'event.data.nope: no item with value exists, it is absent'],
    [
      { field: 'event.data.many', op: 'every', where: { op: 'less_than', value: 9 } },
      'event.data.many: not every item with value is less than 9',
    ],
    [{ field: 'event.data.many', op: 'none', where: { op: 'equals', value: 9 } }, 'event.data.many: some item with value equals 9'],
    [
      {
        field: 'event.data.labels',
        op: 'some',
        where: {
          all: [{ field: 'name', op: 'exists' }, { not: { any: [{ cel: 'has(item.x)' }, { field: 'y', op: 'equals', value: 1 }] } }],
        },
      },
      'event.data.labels: some item with name exists and not (has(item.x) or y equals 1)',
    ],
    [{ cel: 'event.data.n > 5' }, 'event.data.n > 5: does not hold'],
    [
      { cel: 'event.data.nope' },
      'event.data.nope: The expression fails at line 1, column 1, in "event.data.nope": there is no member "nope".',
    ],
    [{ not: { field: 'event.data.n', op: 'equals', value: 3 } }, 'event.data.n: equals 3'],
    [
      { all: [{ cel: 'true' }, { field: 'event.data.n', op: 'equals', value: 4 }, { cel: 'false' }] },
      'event.data.n: does not equal 4, it is 3',
    ],
    [
      { any: [{ cel: 'false' }, { field: 'event.data.n', op: 'equals', value: 4 }] },
      'false: does not hold; event.data.n: does not equal 4, it is 3',
    ],
    [
      { any: Array.from({ length: 5 }, (): Condition => ({ cel: 'false' })) },
      'false: does not hold; false: does not hold; false: does not hold; and 2 more',
    ],
    [{ any: [{ cel: 'false' }, { cel: 'true' }] }, 'true: holds'],
    [{ all: [] }, 'there is nothing to hold'],
  ])('%j: %s', (condition, expected) => {
    expect(reason(condition)).toBe(expected);
  });

  test('without a condition it says so', () => {
    expect(reasonOf(compileCondition(undefined).explain({}))).toBe('there is no condition');
  });

  test('a reason has at most 500 characters', () => {
    const long = { field: `event.${'a'.repeat(400)}`, op: 'equals', value: 'b'.repeat(400) } as const;
    expect(reason({ any: [long, long, long] }).length).toBe(500);
  });
});

const data = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(null, undefined, true, false, 0, 1, 2, 'a', 'ab', 'B', '', '2026-01-31T08:00:00Z'),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.record({ a: tie('any'), b: tie('any') }, { requiredKeys: [] }),
  ),
})).any;

const scalar = fc.constantFrom(null, true, 0, 1, 2, 'a', 'AB', '');
const field = fc.constantFrom('event', 'event.a', 'event.b', 'event.a.b', 'event[0]', 'event.a[1].b');
const itemField = fc.constantFrom(undefined, 'a', 'b', 'a.b');

const comparison = (of: fc.Arbitrary<string | undefined>, where: fc.Arbitrary<unknown>) => {
  const named = of.map((name) => (name === undefined ? {} : { field: name }));
  return fc
    .oneof(
      fc.record({ op: fc.constantFrom('equals', 'not_equals', 'contains', 'not_contains'), value: scalar, ignoreCase: fc.boolean() }),
      fc.record({ op: fc.constantFrom('in', 'not_in'), value: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
      fc.record({ op: fc.constantFrom('starts_with', 'ends_with', 'matches'), value: fc.constantFrom('a', 'b+', '^$') }),
      fc.record({ op: fc.constantFrom('exists', 'not_exists') }),
      fc.record({ op: fc.constantFrom('greater_than', 'greater_or_equal', 'less_than', 'less_or_equal'), value: fc.constantFrom(1, 'a') }),
      fc.record({ op: fc.constantFrom('before', 'after'), value: fc.constant('2026-01-31T09:00:00Z') }),
      fc.record({ op: fc.constantFrom('some', 'every', 'none'), where }),
    )
    .chain((shape) => named.map((name) => ({ ...shape, ...name })));
};

const { condition } = fc.letrec<{ condition: unknown; item: unknown }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    comparison(field, tie('item')),
    fc.record({ cel: fc.constantFrom('true', 'false', 'event.a == 1', 'event.a > 1', 'size(event) > 1', 'event.exists(x, x == 1)') }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
  item: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    comparison(itemField, tie('item')),
    fc.record({ cel: fc.constantFrom('item == 1', 'item.a == event.a', 'event.a == 1') }),
    fc.record({ any: fc.array(tie('item'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ not: tie('item') }),
  ),
}));

describe('laws', () => {
  test('an explanation has the verdict of the test, and a reason, whatever the fuel', () => {
    fc.assert(
      fc.property(condition, data, fc.constantFrom(100_000, 60, 25, 10), (source, event, steps) => {
        const compiled = compileCondition(parseCondition(source), { limits: { steps } });
        const report = compiled.explain({ event });
        expect(report.verdict).toBe(compiled.test({ event }));
        expect(report.error === undefined || !report.verdict).toBe(true);
        expect(reasonOf(report)).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });

  test('not turns true and false around, leaves an error, and twice is nothing', () => {
    fc.assert(
      fc.property(condition, data, (source, event) => {
        const parsed = parseCondition(source);
        const [once, twice] = [
          compileCondition({ not: parsed }).explain({ event }),
          compileCondition({ not: { not: parsed } }).explain({ event }),
        ];
        const report = compileCondition(parsed).explain({ event });
        expect(twice.verdict).toBe(report.verdict);
        expect(twice.error).toBe(report.error);
        expect(once.verdict).toBe(report.error === undefined && !report.verdict);
      }),
      { numRuns: 1_000 },
    );
  });

  test('the order of a group’s parts does not matter', () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), data, (sources, event) => {
        const parts = sources.map(parseCondition);
        for (const group of [(list: readonly Condition[]) => ({ all: list }), (list: readonly Condition[]) => ({ any: list })]) {
          expect(compileCondition(group([...parts].reverse())).test({ event })).toBe(compileCondition(group(parts)).test({ event }));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('a parsed condition parses to itself', () => {
    fc.assert(
      fc.property(condition, (source) => {
        const parsed = parseCondition(source);
        expect(parseCondition(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
      }),
    );
  });
});
