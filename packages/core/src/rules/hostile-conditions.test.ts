import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { attackExpressions } from '../expression/__fixtures__/attack-expressions.ts';
import { hostileBodies, inheritedPaths, refusedPaths } from '../expression/__fixtures__/hostile-paths.ts';
import { snapshotIntrinsics } from '../expression/__fixtures__/intrinsics.ts';
import { longTexts, refusedPatterns, slowPatterns } from '../expression/__fixtures__/slow-patterns.ts';
import { compileCondition } from './compile-condition.ts';
import { ruleIndex } from './matching/rule-index.ts';
import { operators } from './operators.ts';
import { parseCondition } from './parse-condition.ts';

const endless = { steps: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
const scopeOf = (data: unknown) => ({ event: { time: '2026-01-31T08:00:00Z', data } });

let before: string;
beforeAll(() => {
  before = snapshotIntrinsics();
});
afterAll(() => {
  expect(snapshotIntrinsics()).toBe(before);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const compile = (condition: unknown) => compileCondition(parseCondition(condition), { roots: ['event', 'now'] });

/** What a condition says by itself and among the rules of an index: the same. */
function holds(condition: unknown, data: unknown): boolean {
  const compiled = compile(condition);
  const index = ruleIndex<string>();
  index.put({ id: 'only', condition: compiled, of: 'only' });
  const search = index.search(scopeOf(data));
  search.run(endless);
  const alone = compiled.test(scopeOf(data));
  expect(search.found().length === 1).toBe(alone);
  expect(compiled.explain(scopeOf(data)).verdict).toBe(alone);
  return alone;
}

function codeOf(run: () => unknown): string {
  try {
    return `answered ${String(run())}`;
  } catch (error) {
    return isPatchbayError(error) ? error.code : `not ours: ${String(error)}`;
  }
}

describe('a hostile condition', () => {
  it.each(refusedPaths)('with the field %j is refused', (path) => {
    expect(codeOf(() => compile({ field: `event.data${path.startsWith('[') ? '' : '.'}${path}`, op: 'exists' }))).toBe('condition_invalid');
    expect(codeOf(() => compile({ field: 'event.data', op: 'some', where: { field: path, op: 'exists' } }))).toBe('condition_invalid');
  });

  it.each(inheritedPaths)('with the field %j finds nothing that the data does not hold itself', (path) => {
    const data = { items: [1, 2], text: 'x' };
    const field = `event.data.${path}`;
    expect(holds({ field, op: 'exists' }, data)).toBe(false);
    expect(holds({ field, op: 'equals', value: 2 }, data)).toBe(false);
    for (const convention of [{ changes: {} }, { previous: {} }, { before: {}, after: {} }, { changelog: { items: [] } }])
      expect(holds({ field, op: 'changed' }, { ...data, ...convention })).toBe(false);
  });

  it.each(attackExpressions)('with the formula %s is refused, or false', (cel) => {
    const code = codeOf(() => holds({ cel }, { items: [1], own: JSON.parse('{"__proto__":{"polluted":1}}') }));
    expect(['condition_invalid', 'answered false']).toContain(code);
  });

  it.each(refusedPatterns)('with the pattern %j is refused', (value) => {
    expect(codeOf(() => compile({ field: 'event.data.text', op: 'matches', value }))).toBe('condition_invalid');
  });

  it.each([...slowPatterns, ...longTexts])('with the pattern $pattern ends within its fuel', ({ pattern: value, text }) => {
    const condition = { field: 'event.data.text', op: 'matches', value };
    const use = { steps: 0, bytes: 0 };
    compile(condition).test(scopeOf({ text }), use);
    expect(use.steps).toBeLessThanOrEqual(200_000);
    holds(condition, { text });
  });
});

describe('hostile data', () => {
  it.each(hostileBodies)('%s leaves every operator with a verdict or an error of its own', (body) => {
    const data: unknown = JSON.parse(body);
    const operands: Readonly<Record<string, unknown>> = {
      json: { value: { polluted: true } },
      scalars: { value: ['x', 1, null] },
      scalar: { value: 'x' },
      text: { value: 'polluted' },
      orderable: { value: 1 },
      timestamp: { value: '2026-01-31T08:00:00Z' },
      span: { value: '7d' },
      where: { where: { field: 'then', op: 'exists' } },
    };
    for (const [op, { operand }] of Object.entries(operators))
      for (const field of ['event.data', 'event.data.then', 'event.data.toJSON', 'event.data[0]', 'event.data.hasOwnProperty']) {
        const condition = { field, op, ...(operands[operand] as object | undefined) };
        expect(typeof holds(condition, data)).toBe('boolean');
        const report = JSON.stringify(compile(condition).explain(scopeOf(data)));
        expect(JSON.parse(report)).toMatchObject({ kind: 'field', op });
      }
  });

  it('with text that makes every search ask every test is still decided one by one', () => {
    const index = ruleIndex<string>();
    for (let number = 0; number < 2_000; number += 1) {
      const id = String(number).padStart(4, '0');
      index.put({ id, condition: compile({ field: 'event.data.text', op: 'contains', value: `aaa${id}` }), of: id });
    }
    const search = index.search(scopeOf({ text: `${'a'.repeat(1_500)}aaa0007` }));
    search.run(endless);
    expect(search.found()).toEqual(['0007']);
    expect(search.use.steps).toBeLessThan(400_000);
  });
});
