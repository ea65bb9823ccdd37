import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { snapshotIntrinsics } from './__fixtures__/intrinsics.ts';
import { compileExpression } from './compile-expression.ts';

const canary = 'CANARY-7f3a';
const scope = {
  event: {
    n: 3,
    text: canary,
    list: [1, 2.5, canary, null, { name: canary }],
    map: { a: 1, b: [canary], constructor: canary },
    none: null,
    ok: true,
  },
  steps: { a: { output: { key: canary } } },
  now: 1_764_000_000_000,
};

const name = fc.constantFrom('event', 'steps', 'now', 'x', 'y', 'constructor', '__proto__', 'toString', 'nope');
const member = fc.constantFrom(
  'n',
  'text',
  'list',
  'map',
  'none',
  'ok',
  'a',
  'name',
  'output',
  'key',
  'constructor',
  '__proto__',
  'prototype',
  'length',
  'toString',
);
const literal = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number.toFixed(3)),
  fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text)),
  fc.constantFrom('true', 'false', 'null', 'b"ab"', "r'\\d+'", '"2026-01-31T08:00:00Z"', '"1h"', '"constructor"', '[]', '{}'),
);
const operator = fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||');
const call = fc.constantFrom('size', 'string', 'int', 'double', 'bool', 'bytes', 'timestamp', 'duration', 'dyn', 'has', 'nope');
const method = fc.constantFrom(
  'contains',
  'startsWith',
  'endsWith',
  'split',
  'join',
  'trim',
  'lowerAscii',
  'upperAscii',
  'replace',
  'size',
  'matches',
  'getHours',
  'nope',
);
const macro = fc.constantFrom('all', 'exists', 'exists_one', 'map', 'filter');

const { program } = fc.letrec<{ program: string }>((tie) => {
  const inner = tie('program');
  return {
    program: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      literal,
      name,
      fc.tuple(inner, member).map(([target, of]) => `${target}.${of}`),
      fc.tuple(inner, inner).map(([target, at]) => `${target}[${at}]`),
      fc.tuple(inner, operator, inner).map(([left, between, right]) => `(${left} ${between} ${right})`),
      fc.tuple(inner, inner, inner).map(([condition, then, otherwise]) => `(${condition} ? ${then} : ${otherwise})`),
      inner.map((operand) => `!${operand}`),
      inner.map((operand) => `-${operand}`),
      fc.tuple(call, inner).map(([called, argument]) => `${called}(${argument})`),
      fc.tuple(inner, method, fc.array(inner, { maxLength: 3 })).map(([target, called, args]) => `${target}.${called}(${args.join(', ')})`),
      fc.tuple(inner, macro, inner).map(([target, called, body]) => `${target}.${called}(x, ${body})`),
      fc.tuple(inner, inner).map(([one, other]) => `[${one}, ${other}]`),
      fc.tuple(literal, inner).map(([key, value]) => `{${key}: ${value}}`),
    ),
  };
});
const garbage = fc
  .array(
    fc.oneof(
      name,
      member,
      literal,
      operator,
      call,
      fc.constantFrom('(', ')', '[', ']', '{', '}', ',', '.', ':', '?', '"', "'", '\\', '\n', '//', '\u0000'),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

type Outcome = { readonly value: unknown } | { readonly code: string; readonly message: string };

function outcome(source: string): Outcome {
  try {
    return { value: compileExpression(source).evaluate(scope) };
  } catch (error) {
    if (!isPatchbayError(error)) throw error;
    return { code: error.code, message: error.message };
  }
}

test('any program answers JSON or an error of ours, the same each time, tells no data and touches nothing of the host', () => {
  const before = snapshotIntrinsics();
  const data = JSON.stringify(scope);
  let answered = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 4, arbitrary: program }, { weight: 1, arbitrary: garbage }), (source) => {
      const first = outcome(source);
      expect(outcome(source)).toEqual(first);
      if ('value' in first) {
        answered++;
        expect(JSON.parse(JSON.stringify(first.value))).toEqual(first.value);
      } else {
        expect(['expression_invalid', 'expression_failed', 'fuel_exhausted']).toContain(first.code);
        expect(first.message).not.toContain(canary);
      }
    }),
    { numRuns: 5_000 },
  );
  expect(answered).toBeGreaterThan(200);
  expect(snapshotIntrinsics()).toBe(before);
  expect(JSON.stringify(scope)).toBe(data);
});
