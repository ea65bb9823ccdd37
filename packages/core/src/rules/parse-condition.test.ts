import { describe, expect, test } from 'vitest';
import { parseCondition } from './parse-condition.ts';

describe('conditions', () => {
  test.each([
    { field: 'event.data.action', op: 'equals', value: 'opened' },
    { field: 'event.data.action', op: 'equals', value: { a: [1, null] }, ignoreCase: true },
    { field: 'event.data.n', op: 'in', value: [1, 'a', null, true] },
    { field: 'event.data.n', op: 'exists' },
    { field: 'event.data.n', op: 'greater_or_equal', value: 3 },
    { field: 'event.data.at', op: 'before', value: '2026-01-31T08:00:00Z' },
    { field: 'event.data.labels', op: 'some', where: { field: 'name', op: 'equals', value: 'bug' } },
    { field: 'event.data.tags', op: 'every', where: { op: 'starts_with', value: 'x' } },
    { field: 'event.data.tags', op: 'none', where: { any: [{ cel: 'item.a' }, { not: { field: 'b', op: 'exists' } }] } },
    { cel: 'event.data.n > 3' },
    { all: [] },
    { all: [{ any: [{ not: { cel: 'true' } }] }] },
  ])('%j is one', (condition) => {
    expect(parseCondition(condition)).toEqual(condition);
  });

  test.each<[unknown, string]>([
    [null, 'at its root: a condition is an object'],
    [[], 'at its root: a condition is an object'],
    ['event.ok', 'at its root: a condition is an object'],
    [{}, 'exactly one of all, any, not, cel and op'],
    [{ all: [], any: [] }, 'exactly one of'],
    [{ all: [], field: 'a' }, 'at field: "all" stands alone'],
    [{ all: {} }, 'at all: a list of conditions is needed'],
    [{ any: [] }, 'at any: an empty list never holds'],
    [{ all: [{ any: [{ field: 'a', op: 'equal', value: 1 }] }] }, 'at all[0].any[0].op: there is no such operator'],
    [{ field: 'a', op: 'constructor', value: 1 }, 'at op: there is no such operator'],
    [{ field: 'a', op: 'equals' }, 'at value: a JSON value is needed'],
    [{ field: 'a', op: 'equals', value: undefined }, 'at value: a JSON value is needed'],
    [{ field: 'a', op: 'equals', value: Number.NaN }, 'at value'],
    [{ field: 'a', op: 'equals', value: { a: new Date(0) } }, 'at value'],
    [{ field: 'a', op: 'equals', value: JSON.parse('{"__proto__":1}') }, 'at value'],
    [{ field: 'a', op: 'equals', value: 1, where: {} }, 'at where: this operator takes'],
    [{ field: 'a', op: 'equals', value: 1, extra: 2 }, 'at extra: this operator takes op, field, value, ignoreCase only'],
    [{ field: 'a', op: 'greater_than', value: 1, ignoreCase: true }, 'at ignoreCase'],
    [{ field: 'a', op: 'equals', value: 'a', ignoreCase: 'yes' }, 'at ignoreCase: true or false is needed'],
    [{ field: 'a', op: 'exists', value: true }, 'at value: this operator takes op, field only'],
    [{ op: 'equals', value: 1 }, 'at field: a path such as'],
    [{ field: 3, op: 'equals', value: 1 }, 'at field'],
    [{ field: 'a', op: 'in', value: 'x' }, 'at value: a list of'],
    [{ field: 'a', op: 'in', value: [] }, 'at value'],
    [{ field: 'a', op: 'in', value: [{}] }, 'at value'],
    [{ field: 'a', op: 'contains', value: ['x'] }, 'at value: a string, number'],
    [{ field: 'a', op: 'starts_with', value: 1 }, 'at value: a string is needed'],
    [{ field: 'a', op: 'less_than', value: null }, 'at value: a finite number or a string'],
    [{ field: 'a', op: 'before', value: 'tomorrow' }, 'at value: an RFC 3339 timestamp'],
    [{ field: 'a', op: 'some' }, 'at where: a condition is an object'],
    [{ field: 'a', op: 'some', where: { all: [{ op: 'nope' }] } }, 'at where.all[0].op'],
    [{ cel: '' }, 'at cel: a formula'],
    [{ cel: 3 }, 'at cel: a formula'],
    [{ not: [{ cel: 'true' }] }, 'at not: a condition is an object'],
  ])('%j is refused: %s', (value, reason) => {
    expect(() => parseCondition(value)).toThrow(expect.objectContaining({ code: 'condition_invalid' }));
    expect(() => parseCondition(value)).toThrow(reason);
  });

  test('what is parsed is a copy', () => {
    const source = { field: 'a', op: 'equals', value: { list: [1] } };
    const parsed = parseCondition(source);
    source.value.list.push(2);
    expect(parsed).toEqual({ field: 'a', op: 'equals', value: { list: [1] } });
  });

  test('size and depth are bounded', () => {
    const deep = Array.from({ length: 20 }).reduce<unknown>((inner) => ({ not: inner }), { cel: 'true' });
    expect(() => parseCondition(deep)).toThrow('nested more than 16 deep');
    expect(() => parseCondition({ all: Array.from({ length: 200 }, () => ({ cel: 'true' })) })).toThrow('more than 200 conditions');
    const where = Array.from({ length: 20 }).reduce<unknown>((inner) => ({ field: 'a', op: 'some', where: inner }), { op: 'exists' });
    expect(() => parseCondition({ field: 'a', op: 'some', where })).toThrow('nested more than 16 deep');
  });
});
