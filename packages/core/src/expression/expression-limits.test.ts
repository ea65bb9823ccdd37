import { describe, expect, test } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { bombScope, compileBombs, costBombs } from './__fixtures__/cost-bombs.ts';
import { compileExpression } from './compile-expression.ts';
import { defaultLimits } from './expression-limits.ts';
import { evaluationError } from './fault.ts';

function outcome(source: string, scope: Record<string, unknown>): string {
  try {
    return JSON.stringify(compileExpression(source).evaluate(scope)) ?? 'undefined';
  } catch (error) {
    return isPatchbayError(error) ? `${error.code}: ${error.message}` : `not ours: ${String(error)}`;
  }
}

describe('limits', () => {
  test('the documented defaults hold', () => {
    expect(defaultLimits).toEqual({ sourceLength: 4_096, nodes: 2_000, depth: 100, steps: 100_000, bytes: 4_194_304 });
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a limit of %s bounds nothing and is refused', (steps) => {
    expect(() => compileExpression('1', { limits: { steps } })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test('steps run out at the same place each time', () => {
    const compiled = compileExpression('[1, 2, 3].map(a, [1, 2, 3].map(b, a * b))', { limits: { steps: 20 } });
    const first = (() => {
      try {
        return String(compiled.evaluate({}));
      } catch (error) {
        return String(error);
      }
    })();
    expect(first).toContain('more steps');
    for (let round = 0; round < 5; round++) expect(() => compiled.evaluate({})).toThrow(first.replace(/^\w+: /, ''));
  });

  test('an evaluation has its own fuel', () => {
    const compiled = compileExpression('event.list.map(x, x * 2).size()', { limits: { steps: 4_000 } });
    const scope = { event: { list: Array.from({ length: 500 }, (_item, index) => index) } };
    for (let round = 0; round < 20; round++) expect(compiled.evaluate(scope)).toBe(500);
  });

  test('exhausted fuel is never absorbed', () => {
    for (const source of ['[1, 2].exists(x, event.list.all(y, y >= 0)) || true', 'true && event.list.map(x, x).size() > 0 || true']) {
      const compiled = compileExpression(source, { limits: { steps: 50 } });
      const scope = { event: { list: Array.from({ length: 500 }, () => 1) } };
      try {
        compiled.evaluate(scope);
        expect.unreachable();
      } catch (error) {
        expect(isPatchbayError(error) && error.code).toBe('fuel_exhausted');
      }
    }
  });

  test('text and lists count in bytes', () => {
    const scope = { event: { text: 'x'.repeat(1_000) } };
    const doubled = compileExpression('event.text + event.text', { limits: { bytes: 3_000 } });
    expect(() => doubled.evaluate(scope)).toThrow('more data');
    const list = compileExpression('[1, 2, 3, 4, 5, 6, 7, 8].map(x, x)', { limits: { bytes: 200 } });
    expect(() => list.evaluate({})).toThrow('more data');
  });

  test('depth holds for the source, for data that is compared and for data that leaves', () => {
    expect(() => compileExpression('((((1))))', { limits: { depth: 3 } })).toThrow('maxDepth');
    expect(() => compileExpression('!!!!true', { limits: { depth: 3 } })).toThrow('nested too deeply');
    const deep = { event: { a: { b: { c: { d: 1 } } } } };
    expect(() => compileExpression('event', { limits: { depth: 3 } }).evaluate(deep)).toThrow('nested too deeply');
    expect(() => compileExpression('event == event', { limits: { depth: 3 } }).evaluate(deep)).toThrow('nested too deeply');
  });

  test('long chains of one operator cost no depth', () => {
    expect(compileExpression(`0${' + 1'.repeat(300)}`).evaluate({})).toBe(300);
    expect(compileExpression(`false${' || false'.repeat(300)} || true`).evaluate({})).toBe(true);
  });

  test('a spent call stack is told as such', () => {
    const error = evaluationError('1', new RangeError('Maximum call stack size exceeded'));
    expect(error.code).toBe('expression_failed');
    expect(error.message).toContain('call stack');
  });
});

describe('cost bombs', () => {
  test.each(costBombs)('%s ends within its fuel, the same way each time', (source) => {
    const first = outcome(source, bombScope);
    expect(first).not.toContain('not ours');
    expect(outcome(source, bombScope)).toBe(first);
  });

  test.each(compileBombs.map((source) => [source.slice(0, 40), source]))('%s… is refused or ends', (_name, source) => {
    expect(outcome(source, bombScope)).not.toContain('not ours');
  });
});
