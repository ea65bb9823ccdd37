import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { compileCondition } from './compile-condition.ts';
import { conditionJsonSchema } from './condition-json-schema.ts';
import { operators } from './operators.ts';
import { parseCondition } from './parse-condition.ts';

const roots = ['event'] as const;
const bySchema = new Ajv2020({ strict: true }).compile(conditionJsonSchema({ roots }));

function byParser(value: unknown): boolean {
  try {
    compileCondition(parseCondition(value), { roots });
    return true;
  } catch (error) {
    if (isPatchbayError(error)) return false;
    throw error;
  }
}

/** What only the parser can know is left out of what is generated: here every formula, pattern and date is one. */
const scalar = fc.oneof(fc.string({ maxLength: 8 }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null));
const json = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'prototype'), scalar, { maxKeys: 2 }),
);
const moment = fc.constantFrom('2026-01-31T08:00:00Z', '2026-01-31t08:00:00.123+01:00', '2026-01-31', 'soon');
const path = fc.constantFrom(
  'event.data.a',
  'event.data.labels[0].name',
  "event.data['x y']",
  'event',
  'event.',
  'evnt.data',
  'event..a',
  'event.data[a]',
  '',
  'event.data["q\\"x"]',
  "event['a'].b.0",
);
const itemPath = fc.constantFrom('name', 'a.b', '[0]', "['x y']", '0', '', '.a', 'a..b', 'a b');
const value = fc.oneof(json, moment, fc.constantFrom('^a+$', 'x'), fc.array(json, { maxLength: 3 }));
const member = fc.constantFrom('value', 'where', 'ignoreCase', 'extra', 'field', 'op');
const operator = fc.constantFrom(...Object.keys(operators), 'is', 'constructor', '');

/** Mostly what the operator takes, sometimes something beside it. */
function leaf(fieldPath: fc.Arbitrary<string>, inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const shape = fc.record(
    { field: fieldPath, op: operator, value, where: inner, ignoreCase: fc.oneof(fc.boolean(), fc.constant('yes')) },
    { requiredKeys: [] },
  );
  const fitting = fc.record({ field: fieldPath, op: operator }).chain(({ field, op }) => {
    const operand = Object.hasOwn(operators, op) ? operators[op as keyof typeof operators].operand : 'json';
    if (operand === 'none') return fc.constant({ field, op });
    if (operand === 'where') return inner.map((where) => ({ field, op, where }));
    const operands = {
      json,
      scalars: fc.array(scalar, { maxLength: 3 }),
      scalar,
      text: fc.constantFrom('a', '^a+$', ''),
      orderable: scalar,
      timestamp: moment,
      span,
    };
    return operands[operand].map((each: unknown) => ({ field, op, value: each }));
  });
  return fc.oneof({ weight: 4, arbitrary: fitting }, { weight: 1, arbitrary: shape });
}

function condition(fieldPath: fc.Arbitrary<string>, inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'condition', withCrossShrink: true },
      leaf(fieldPath, inner),
      fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
      fc.record({ not: tie('tree') }),
      fc.constantFrom(
        { cel: 'size(event.type) > 1' },
        { cel: '' },
        { cel: '  ' },
        { cel: 7 },
        {},
        [],
        null,
        'x',
        { all: {}, any: [] },
        { not: [] },
      ),
    ),
  }));
  return tree;
}

const whole = condition(path, condition(itemPath, fc.constant({ field: 'a', op: 'exists' })));

/** Seldom, because most of what is generated is refused for something else. */
const span = fc.constantFrom('7d', '36h', '2w', '1w1d1h', '1.5h', '', '0', '0d', 'd', '1x', '-1h', '1h1d', '90m', 'soon', '1d ', '12345w');
const spoiling = fc.nat({ max: 7 }).map((drawn) => drawn === 0);

describe('the JSON Schema of conditions', () => {
  it('accepts and refuses what the parser does', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(whole, member, spoiling, (given, extra, spoil) => {
        const subject = spoil && typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given, [extra]: 1 } : given;
        const parsed = byParser(subject);
        if (parsed) accepted += 1;
        else refused += 1;
        expect(bySchema(subject), JSON.stringify(subject)).toBe(parsed);
      }),
      { numRuns: 1_500 },
    );
    // Neither side of the agreement is empty.
    expect(Math.min(accepted, refused)).toBeGreaterThan(100);
  });

  it.each(Object.entries(operators))('knows the operator %s', (op, { operand, text }) => {
    const operands = {
      json: { value: { a: 1 } },
      scalars: { value: [1] },
      scalar: { value: 1 },
      text: { value: 'a' },
      none: {},
      orderable: { value: 1 },
      timestamp: { value: '2026-01-31T08:00:00Z' },
      span: { value: '7d' },
      where: { where: { field: 'a', op: 'exists' } },
    };
    const sound = { field: 'event.data.a', op, ...operands[operand] };
    expect([byParser(sound), bySchema(sound)]).toEqual([true, true]);
    const folded = { ...sound, ignoreCase: true };
    expect([byParser(folded), bySchema(folded)]).toEqual([text, text]);
    const { field: _field, ...nowhere } = sound;
    expect([byParser(nowhere), bySchema(nowhere)]).toEqual([false, false]);
  });
});
