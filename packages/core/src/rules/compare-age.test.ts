import { describe, expect, it } from 'vitest';
import { parseSpan } from './compare-age.ts';
import { compileCondition } from './compile-condition.ts';
import type { AgeOperator } from './condition.ts';
import { parseCondition } from './parse-condition.ts';

const time = '2026-01-31T08:00:00.000Z';

function verdict(op: AgeOperator, value: string, at: unknown, now?: unknown): boolean | string {
  const compiled = compileCondition(parseCondition({ field: 'event.data.at', op, value }), { roots: ['event', 'now'] });
  const scope = { event: { time, data: { at } }, ...(now === undefined ? {} : { now }) };
  const report = compiled.explain(scope);
  expect(compiled.test(scope)).toBe(report.verdict);
  return report.error ?? report.verdict;
}

describe('a date beside now', () => {
  it.each([
    ['within_last', '1h', '2026-01-31T07:00:00Z', true],
    ['within_last', '1h', '2026-01-31T06:59:59.999Z', false],
    ['within_last', '1h', '2026-01-31T08:00:00Z', true],
    ['within_last', '1h', '2026-01-31T08:00:01Z', false],
    ['within_next', '7d', '2026-02-07T08:00:00Z', true],
    ['within_next', '7d', '2026-02-07T08:00:01Z', false],
    ['within_next', '7d', '2026-01-31T07:59:59Z', false],
    ['older_than', '2w', '2026-01-17T08:00:00Z', false],
    ['older_than', '2w', '2026-01-17T07:59:59Z', true],
    ['older_than', '2w', '2027-01-01T00:00:00Z', false],
    ['within_last', '1d', '2026-01-30T10:00:00.000+0200', true],
    ['within_next', '1d', '2026-02-01', true],
    ['within_last', '1d', '2026-01-31', true],
    ['within_last', '1d', null, false],
    ['older_than', '1d', undefined, false],
    ['older_than', '1d', 'yesterday', 'it is no RFC 3339 timestamp or date'],
    ['older_than', '1d', '2026-02-30', 'it is no RFC 3339 timestamp or date'],
    ['older_than', '1d', 17, 'it is a number, not a date'],
  ] as const)('%s %s of %s', (op, value, at, expected) => {
    expect(verdict(op, value, at)).toBe(expected);
  });

  it('goes by the time of the event, so that the same event has the same answer whenever it is asked', () => {
    expect(verdict('older_than', '1h', '2026-01-31T07:30:00Z')).toBe(false);
    expect(verdict('older_than', '1h', '2026-01-31T07:30:00Z', '2026-01-31T09:00:00Z')).toBe(true);
    const formula = compileCondition(
      { cel: 'now - timestamp(event.data.at) > duration("1h") && now == timestamp(event.time)' },
      { roots: ['event', 'now'] },
    );
    expect(formula.test({ event: { time, data: { at: '2026-01-31T06:00:00Z' } } })).toBe(true);
    expect(formula.test({ event: { time, data: { at: '2026-01-31T07:30:00Z' } } })).toBe(false);
  });

  it('of an item of a list goes by the same now', () => {
    const compiled = compileCondition({ field: 'event.data.list', op: 'some', where: { field: 'due', op: 'within_next', value: '1d' } });
    expect(compiled.test({ event: { time, data: { list: [{ due: '2026-03-01' }, { due: '2026-02-01' }] } } })).toBe(true);
    expect(compiled.test({ event: { time, data: { list: [{ due: '2026-03-01' }] } } })).toBe(false);
  });

  it('is an error where there is no now', () => {
    const compiled = compileCondition({ not: { field: 'event.data.at', op: 'older_than', value: '1d' } });
    expect(compiled.explain({ event: { data: { at: '2026-02-01' } } })).toMatchObject({ verdict: false, error: 'there is no "now" here' });
  });

  it.each([
    ['90m', 5_400],
    ['36h', 129_600],
    ['7d', 604_800],
    ['2w', 1_209_600],
    ['1w1d1h30m', 7 * 86_400 + 86_400 + 5_400],
    ['1.5h', 5_400],
  ])('reads %s', (text, seconds) => {
    expect(parseSpan(text)).toBe(BigInt(seconds) * 1_000_000_000n);
  });

  it.each(['', '0', '0d', '-1h', '+1h', '1', 'd', '1x', '1d-1h', '1h1d', ' 1h', `${'1h'.repeat(40)}`, '10000w'])('refuses %j', (text) => {
    expect(parseSpan(text)).toBeUndefined();
    expect(() => parseCondition({ field: 'event.data.at', op: 'older_than', value: text })).toThrow(/length of time/);
  });
});
