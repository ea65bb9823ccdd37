import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../expression/compile-expression.ts';
import { compileTemplate } from '../expression/compile-template.ts';
import type { Json } from '../json/json.ts';
import { fillDefinition, parametersRead } from './fill-definition.ts';
import { fillExpression } from './fill-expression.ts';

const fill = (definition: Record<string, Json>, values: Record<string, Json>) =>
  fillDefinition(definition, new Map(Object.entries(values)));
const input = (text: string, values: Record<string, Json>): Json => {
  const filled = fill({ steps: [{ input: { text } }] }, values)['steps'] as { input: { text: Json } }[];
  return filled[0]?.input.text ?? null;
};
const rendered = (text: string, values: Record<string, Json>): Json =>
  compileTemplate(input(text, values), { roots: ['event'] }).render({ event: { n: 'N' } });

/** Texts that look like templates, and pieces of them. */
const tricky = fc
  .array(fc.constantFrom('{', '}', '{{', '}}', ' ', "'", '"', '\\', 'event.n', 'params.x', '//', '\n', 'a', '😀', '{{ event.n }}'), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(''));

describe('a definition that is filled in', () => {
  it('has the values of its parameters, with their kind where a text is nothing else', () => {
    const values = { project: 'OPS', limit: 10, tags: ['a', 1], on: false };
    expect(input('{{ params.project }}', values)).toBe('OPS');
    expect(input('{{params.limit}}', values)).toBe(10);
    expect(input('{{ params.tags }}', values)).toEqual(['a', 1]);
    expect(input('{{ params.on }}', values)).toBe(false);
    expect(input('{{ params.project }}-{{ params.limit }}: {{ event.data.x }}', values)).toBe('OPS-10: {{ event.data.x }}');
    expect(input('{{ event.n + params.project }}', values)).toBe('{{ event.n + "OPS" }}');
  });

  it('keeps what a value spells, whatever stands around it', () => {
    fc.assert(
      fc.property(tricky, tricky, (x, y) => {
        expect(rendered('{{ params.x }}', { x })).toBe(x);
        expect(rendered('{{ params.x }}{{ params.y }}', { x, y })).toBe(x + y);
        expect(rendered('{{ params.x }}{{ event.n }}{{ params.y }}', { x, y })).toBe(`${x}N${y}`);
        expect(rendered('<{{ event.n + params.x }}>', { x })).toBe(`<N${x}>`);
        expect(rendered('{{ [params.x, event.n] }}', { x })).toEqual([x, 'N']);
      }),
      { numRuns: 500 },
    );
  });

  it('holds no template that came with a value', () => {
    expect(rendered('{{ params.x }}', { x: '{{ event.n }}' })).toBe('{{ event.n }}');
    expect(rendered('{{ params.x }}{ event.n }}', { x: '{' })).toBe('{{ event.n }}');
    expect(compileTemplate(input('{{ params.x }}', { x: ['{{ event.n }}'] })).isStatic).toBe(false);
    expect(rendered('{{ params.x }}', { x: ['{{ event.n }}'] })).toEqual(['{{ event.n }}']);
  });

  it('fills conditions, formulas and triggers as data', () => {
    const definition = {
      trigger: { event: '{{ params.type }}' },
      when: {
        all: [{ field: 'event.data.total', op: 'greater_than', value: '{{ params.limit }}' }, { cel: 'event.data.kind == params.kind' }],
      },
      steps: [{ id: 'a', action: 'flow.branch', when: { field: 'event.data.a', op: 'equals', value: '{{ params.kind }}' } }],
    };
    expect(fill(definition, { type: 'order.placed', limit: -5, kind: '{{ "x"' })).toEqual({
      trigger: { event: 'order.placed' },
      when: { all: [{ field: 'event.data.total', op: 'greater_than', value: -5 }, { cel: 'event.data.kind == "{{ \\"x\\""' }] },
      steps: [{ id: 'a', action: 'flow.branch', when: { field: 'event.data.a', op: 'equals', value: '{{ "x"' } }],
    });
    expect([...parametersRead(definition)]).toEqual([
      ['type', 'automation.trigger.event'],
      ['limit', 'automation.when.all[0].value'],
      ['kind', 'automation.when.all[1].cel'],
    ]);
  });
});

describe('a formula that is filled in', () => {
  it('has literals in the places of its parameters', () => {
    const values = new Map<string, Json>(Object.entries({ a: -1, b: 'x"y', c: [1, 'z'], d: 1e20 }));
    expect(fillExpression('params.a + size(params.b) in params.c', values)).toBe('(-1) + size("x\\"y") in [1, "z"]');
    expect(fillExpression('"params.a" + event.params.a', values)).toBe('"params.a" + event.params.a');
    expect(compileExpression(fillExpression('params.d', values)).evaluate({})).toBe(1e20);
  });

  it('gives any value back', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.array(fc.string()),
    );
    fc.assert(
      fc.property(value, (given) => {
        const filled = fillExpression('params.x', new Map<string, Json>([['x', given]]));
        expect(compileExpression(filled).evaluate({})).toEqual(typeof given === 'number' ? given + 0 : given);
      }),
    );
  });

  it.each(['params', 'params["a"]', '[1].all(params, params.a > 0)', 'size(params)', '{"a": params}'])('refuses %s', (source) => {
    expect(() => fillExpression(source, new Map([['a', 1]]))).toThrow(expect.objectContaining({ code: 'expression_invalid' }));
  });
});
