import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json/json.ts';
import { compileTemplate } from './compile-template.ts';

const scope = {
  event: {
    title: 'Crash',
    n: 3,
    ok: true,
    nothing: null,
    labels: [{ name: 'bug' }],
    tricky: '{{ event.title }}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the attack is the text itself.
    markup: "{{7*7}} ${7*7} <%= 7*7 %> {{constructor.constructor('return process')()}}",
  },
  steps: { ticket: { output: { key: 'OPS-1' } } },
};

const render = (value: Json): Json => compileTemplate(value, { roots: ['event', 'steps'] }).render(scope);

describe('templates', () => {
  test.each<[Json, Json]>([
    ['{{ event.n }}', 3],
    ['{{event.ok}}', true],
    ['{{ event.nothing }}', null],
    ['{{ event.labels }}', [{ name: 'bug' }]],
    ['{{ event.labels.map(l, l.name) }}', ['bug']],
    [' {{ event.n }}', ' 3'],
    ['Filed {{ steps.ticket.output.key }}.', 'Filed OPS-1.'],
    ['{{ event.title }}{{ event.n }}', 'Crash3'],
    ['<{{ event.nothing }}>', '<>'],
    ['<{{ event.ok }}>', '<true>'],
    ['<{{ event.labels }}>', '<[{"name":"bug"}]>'],
    ['<{{ timestamp("2026-01-31T08:00:00Z") }}>', '<2026-01-31T08:00:00Z>'],
    ['<{{ duration("90m") }}>', '<5400s>'],
    ['<{{ b"abc" }}>', '<YWJj>'],
    ['<{{ 9007199254740993 }}>', '<9007199254740993>'],
    ['plain', 'plain'],
    ['', ''],
    ['a } b }} c { d', 'a } b }} c { d'],
    [
      { a: ['{{ event.n }}', { b: 'x{{ event.n }}' }], c: null },
      { a: [3, { b: 'x3' }], c: null },
    ],
    [{ '{{ event.title }}': 1 }, { '{{ event.title }}': 1 }],
  ])('%j renders to %j', (value, expected) => {
    expect(render(value)).toEqual(expected);
  });

  test.each<[string, Json]>([
    ["{{ '{{' }}", '{{'],
    ["{{ '}}' }}", '}}'],
    ['{{ "a}}b" + \'c\' }}', 'a}}bc'],
    ["{{ {'a': {'b': {'c': 1}}} }}", { a: { b: { c: 1 } } }],
    ["{{ {'a': {'b': 1}}}}", { a: { b: 1 } }],
    ["{{ '''it's }} '''.trim() }}", "it's }}"],
    ["{{ 'it\\'s }}' }}", "it's }}"],
    ["{{ r'\\d}}' }}", '\\d}}'],
    ['{{ 1 // }}\n + 1 }}', 2],
    ["{{ 'https://example.com/' }}x", 'https://example.com/x'],
  ])('%s closes where the expression ends', (text, expected) => {
    expect(render(text)).toEqual(expected);
  });

  test('what is rendered is data and never a template again', () => {
    expect(render('{{ event.tricky }}')).toBe('{{ event.title }}');
    expect(render('<{{ event.tricky }}>')).toBe('<{{ event.title }}>');
    expect(render('{{ event.markup }}')).toBe(scope.event.markup);
    expect(render(`{{ '{' + '{ event.title }}' }}`)).toBe('{{ event.title }}');
  });

  test.each<[Json, string]>([
    [{ a: { b: '{{ event.title' } }, 'at "a.b": the "{{" at character 1 is not closed'],
    ['{{ event.title }', 'at its root: the "{{" at character 1 is not closed'],
    [{ a: ['{{ }}'] }, 'at "a[0]": The expression is not valid at line 1, column 1: Unexpected end'],
    [{ a: 'x {{ evnt.title }}' }, 'there is no variable "evnt"; there are event, steps'],
    [{ 'x y': '{{ 1 + }}' }, 'at "[\'x y\']"'],
    [JSON.parse('{"__proto__": 1}'), 'the name __proto__ is not allowed'],
    [{ a: { constructor: 1 } }, 'the name constructor is not allowed'],
    [{ a: Number.NaN }, 'it is not JSON'],
    [Array.from({ length: 10_001 }, () => 1), 'more than 10000 values'],
    [Array.from({ length: 20 }, () => '{{ "a".matches("x{900}") }}'), 'the patterns together are too large'],
    [Array.from({ length: 20 }, () => `{{ "${'x'.repeat(4_000)}" }}`), 'the expressions together are too long'],
    [JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`), 'nested too deeply'],
  ])('%j is refused: %s', (value, reason) => {
    expect(() => compileTemplate(value, { roots: ['event', 'steps'] })).toThrow(expect.objectContaining({ code: 'template_invalid' }));
    expect(() => compileTemplate(value, { roots: ['event', 'steps'] })).toThrow(reason);
  });

  test('a failure tells the place in the template and no data', () => {
    const template = compileTemplate({ fields: { summary: 'A {{ event.title + event.nope }}' } });
    expect(() => template.render(scope)).toThrow('The template fails at "fields.summary": The expression fails at line 1, column 15');
    expect(() => template.render(scope)).not.toThrow('Crash');
  });

  test('all expressions of a rendering share its fuel', () => {
    const limits = { steps: 300 };
    const one = '{{ event.list.map(x, x).size() }}';
    const data = { event: { list: Array.from({ length: 50 }, () => 1) } };
    expect(compileTemplate([one], { limits }).render(data)).toEqual([50]);
    expect(() => compileTemplate([one, one, one, one], { limits }).render(data)).toThrow(
      expect.objectContaining({ code: 'fuel_exhausted' }),
    );
  });

  test('a text that would grow beyond bounds is refused', () => {
    const data = { event: { text: 'x'.repeat(300_000) } };
    expect(() => compileTemplate('{{ event.text }}'.repeat(8)).render(data)).toThrow(expect.objectContaining({ code: 'fuel_exhausted' }));
  });

  test.each([
    ['text', '{{ event.text }}'],
    ['text in a list', '{{ [event.text] }}'],
    ['names of members', '{{ event.named }}'],
    ['bytes', '{{ bytes(event.text) }}'],
  ])('%s that leaves is paid for each time it leaves', (_what, one) => {
    const text = 'x'.repeat(300_000);
    const data = { event: { text, named: { [text]: 1 } } };
    expect(() => compileTemplate([one]).render(data)).not.toThrow();
    expect(() => compileTemplate(Array.from({ length: 8 }, () => one)).render(data)).toThrow(
      expect.objectContaining({ code: 'fuel_exhausted' }),
    );
  });

  test('what a rendering uses is added up, also where it fails', () => {
    const use = { steps: 0, bytes: 0 };
    compileTemplate('{{ event.text }}').render({ event: { text: 'x'.repeat(100) } }, use);
    expect(use.bytes).toBeGreaterThanOrEqual(200);
    const before = { ...use };
    expect(() => compileTemplate(['{{ event.text }}', '{{ event.nope }}']).render({ event: { text: 'x' } }, use)).toThrow('nope');
    expect(use.bytes).toBeGreaterThan(before.bytes);
    expect(use.steps).toBeGreaterThan(before.steps);
  });

  test('it tells what it reads', () => {
    const { roots } = compileTemplate({ a: '{{ event.b }}', c: ['x {{ steps.d.output.e }} {{ event.b }}'] });
    expect(roots).toEqual([
      ['event', 'b'],
      ['steps', 'd', 'output', 'e'],
    ]);
  });
});

describe('static parts', () => {
  test('a value without expressions is rendered once and for all', () => {
    const source = { a: [1, { b: 'text' }] };
    const template = compileTemplate(source);
    expect(template.isStatic).toBe(true);
    expect(template.render({})).toBe(template.render({}));
    expect(template.render({})).toEqual(source);
  });

  test('a later change of the source changes nothing', () => {
    const source = { a: [1], b: '{{ event.n }}' };
    const template = compileTemplate(source);
    source.a.push(2);
    expect(template.render(scope)).toEqual({ a: [1], b: 3 });
  });

  test('shared parts are frozen and the rest is new each time', () => {
    const template = compileTemplate({ fixed: [1], made: ['{{ event.n }}'] });
    const [first, second] = [template.render(scope), template.render(scope)].map(Object) as [
      { fixed: Json; made: Json },
      { fixed: Json; made: Json },
    ];
    expect(first.fixed).toBe(second.fixed);
    expect(Object.isFrozen(first.fixed)).toBe(true);
    expect(first.made).not.toBe(second.made);
  });

  test('members keep their order', () => {
    expect(Object.keys(Object(render({ z: '{{ 1 }}', a: 2, m: '{{ 3 }}' })))).toEqual(['z', 'a', 'm']);
  });
});

describe('laws', () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

  test('data without braces renders to itself', () => {
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(!/\{\{|__proto__|constructor|prototype/.test(JSON.stringify(value)));
        expect(compileTemplate(value).render({})).toEqual(value);
      }),
    );
  });

  test('any data passes through an expression unchanged, whatever it spells', () => {
    const spelled = fc.constantFrom('{{ event }}', '{{', '}}', "{{ '{{' }}", '{{ nope( }}', '$\u007bx}', 'plain');
    const data = fc.letrec<{ any: Json }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        spelled,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(spelled, tie('any'), { maxKeys: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(data, (value) => {
        expect(compileTemplate({ whole: '{{ event }}' }).render({ event: value })).toEqual({ whole: value });
        if (typeof value === 'string') expect(compileTemplate('<{{ event }}>').render({ event: value })).toBe(`<${value}>`);
      }),
    );
  });
});
