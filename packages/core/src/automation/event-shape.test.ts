import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileTemplate } from '../expression/compile-template.ts';
import { type Shape, shapeOfKinds } from '../expression/shape.ts';
import { compileCondition } from '../rules/compile-condition.ts';
import { parseCondition } from '../rules/parse-condition.ts';
import { eventShape, type KnownData, stepsShape } from './event-shape.ts';

const order = z.object({
  number: z.string(),
  total: z.number().optional(),
  status: z.enum(['open', 'paid']).nullable(),
  paid: z.boolean(),
  lines: z.array(z.object({ article: z.string(), count: z.int() })),
  customer: z.object({ name: z.string(), tags: z.array(z.string()) }),
  extra: z.record(z.string(), z.string()),
  free: z.looseObject({ known: z.string() }),
  any: z.unknown(),
  either: z.union([z.object({ kind: z.literal('a'), a: z.string() }), z.object({ kind: z.literal('b'), b: z.number() })]),
});
type Tree = { readonly name: string; readonly children: readonly Tree[] };
const tree: z.ZodType<Tree> = z.object({ name: z.string(), children: z.lazy(() => z.array(tree)) });

function shapes(side: 'input' | 'output'): ReadonlyMap<string, Shape> {
  const known = {
    event: eventShape({ schema: order, side }),
    steps: stepsShape(
      new Map<string, KnownData>([
        ['ticket', { schema: z.object({ key: z.string() }), side: 'output' }],
        ['tree', { schema: z.object({ root: tree }), side: 'output' }],
      ]),
    ),
    now: shapeOfKinds('timestamp'),
  };
  return new Map(Object.entries(known).flatMap(([name, shape]): [string, Shape][] => (shape === undefined ? [] : [[name, shape]])));
}

function faultOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const formula = (cel: string, side: 'input' | 'output' = 'output') =>
  faultOf(() => compileTemplate(`{{ ${cel} }}`, { shapes: shapes(side) }));
const condition = (when: unknown, side: 'input' | 'output' = 'output') =>
  faultOf(() => compileCondition(parseCondition(when), { shapes: shapes(side) }));

describe('a formula beside schemas', () => {
  it.each([
    ['event.data.numbr', /line 1, column 1.*event\.data has no member "numbr"; did you mean "number"; it has number, total/],
    ['event.dat', /event has no member "dat"; did you mean "data"/],
    ['1 + event.data.customer.nam.x', /line 1, column 5.*no member "nam"; did you mean "name"/],
    ['event.data.lines[0].articel', /event\.data\.lines\[0\] has no member "articel"; did you mean "article"/],
    ['event.data.lines.exists(l, l.cout > 2)', /column 28.*l has no member "cout"; did you mean "count"/],
    ['event.data.number.length', /event\.data\.number has no members/],
    ['event.data.number[0]', /event\.data\.number is no list/],
    ['event.data.number > 5', /a string and a number have no common order/],
    ['event.data.total == "5"', /a number and a string are never equal/],
    ['event.data.status == 1', /a string or null and a number are never equal/],
    ['event.data.total.startsWith("x")', /startsWith needs a string, and this is a number, in "event\.data\.total"/],
    ['event.time.getHours()', /getHours needs a timestamp or a duration, and this is a string/],
    ['event.data.number && true', /"&&" needs a bool/],
    ['!event.data.total', /"!" needs a bool/],
    ['event.data.number ? 1 : 2', /"\?" needs a bool/],
    ['event.data.paid + 1', /"\+" needs a number or a string/],
    ['event.data.total * event.data.number', /"\*" needs a number, and this is a string/],
    ['1 in event.data.number', /"in" needs a list or a map/],
    ['event.data.lines.all(l, l.article)', /all needs a bool/],
    ['event.data.number.map(x, x)', /map needs a list or a map/],
    ['event.data.either.c', /no member "c"/],
    ['has(event.data.numbr)', /did you mean "number"/],
    ['now > event.time', /a timestamp and a string have no common order/],
    ['steps.ticket.output.kye', /steps\.ticket\.output has no member "kye"; did you mean "key"/],
    ['steps.tree.output.root.children[0].nam', /did you mean "name"/],
  ])('%s is refused', (cel, fault) => {
    expect(formula(cel)).toMatch(fault);
  });

  it.each([
    'event.data.number + "x" + event.data.total',
    'event.data.total > 5 && event.data.total / 2.0 < 3.5',
    'event.data.status == null || event.data.status == "open"',
    'event.data.lines.filter(l, l.count > 1).map(l, l.article + "!").join(", ")',
    'event.data.lines[0].count + size(event.data.lines)',
    'event.data.customer.tags.exists(t, t.startsWith("v"))',
    'event.data.extra.whatever.startsWith("x")',
    'event.data.extra.all(name, name != "")',
    'event.data.free.unknown.deep > 2',
    'event.data.any.thing.at[0].all',
    'event.data["number"] in ["a", "b"]',
    'event.data.either.a + event.data.either.kind',
    'has(event.data.total) ? event.data.total : 0',
    'timestamp(event.time).getHours() > 8 && now - timestamp(event.time) < duration("1h")',
    'steps.ticket.output.key + steps.unknown.output.anything',
    'steps.tree.output.root.children[0].children[0].name',
    '[1, "a"].map(x, x.y)',
    '{"a": 1}.a + {"b": 1}.c',
  ])('%s is let through', (cel) => {
    expect(formula(cel)).toBeUndefined();
  });

  it('is let through where data keeps what its schema does not name', () => {
    expect(formula('event.data.something.new', 'input')).toBeUndefined();
    expect(formula('event.data.customer.nam', 'input')).toBeUndefined();
    expect(formula('event.data.total == "5"', 'input')).toMatch(/never equal/);
  });
});

describe('a condition beside schemas', () => {
  it.each([
    [{ field: 'event.data.numbr', op: 'exists' }, /at field: event\.data has no member "numbr"; did you mean "number"/],
    [
      { all: [{ field: 'event.data.total', op: 'equals', value: '5' }] },
      /at all\[0\]\.value: the field is a number, and this looks for a string/,
    ],
    [{ field: 'event.data.paid', op: 'in', value: ['yes', 'no'] }, /at value: the field is a bool, and this looks for a string/],
    [{ field: 'event.data.total', op: 'starts_with', value: '5' }, /at op: the field is a number, and this looks for a string/],
    [{ field: 'event.data.number', op: 'greater_than', value: 5 }, /a string, and this looks for a number/],
    [{ field: 'event.data.number', op: 'some', where: { op: 'exists' } }, /a string, and this looks for a list/],
    [{ field: 'event.data.total', op: 'older_than', value: '7d' }, /a number, and this looks for a string/],
    [{ field: 'event.data.total', op: 'changed_to', value: 'x' }, /looks for a string/],
    [
      { field: 'event.data.lines', op: 'some', where: { field: 'articel', op: 'exists' } },
      /at where\.field: item has no member "articel"; did you mean "article"/,
    ],
    [{ field: 'event.data.lines', op: 'every', where: { cel: 'item.count == "1"' } }, /at where\.cel: .*never equal/],
    [{ not: { cel: 'event.data.numbr == "1"' } }, /at not\.cel: .*did you mean "number"/],
    [{ field: 'event.data.number', op: 'equal', value: 'x' }, /there is no such operator; did you mean "equals"/],
  ])('%j is refused', (when, fault) => {
    expect(condition(when)).toMatch(fault);
  });

  it.each([
    { field: 'event.data.number', op: 'in', value: ['a', null] },
    { field: 'event.data.status', op: 'equals', value: null },
    { field: 'event.data.total', op: 'in', value: ['a', 1] },
    { field: 'event.data.lines.0.count', op: 'less_than', value: 3 },
    { field: 'event.data.customer.tags', op: 'contains', value: 'vip' },
    { field: 'event.data.any', op: 'some', where: { field: 'x', op: 'equals', value: 1 } },
    { field: 'event.data.customer', op: 'is_not_empty' },
    { field: 'event.data.number', op: 'changed' },
  ])('%j is let through', (when) => {
    expect(condition(when)).toBeUndefined();
  });
});

it('is open where the schema cannot describe itself, or refers to itself as a whole', () => {
  const opaque = z.object({ at: z.date() });
  expect(
    faultOf(() =>
      compileTemplate('{{ event.data.x.y }}', { shapes: new Map([['event', eventShape({ schema: opaque, side: 'output' }) as Shape]]) }),
    ),
  ).toBeUndefined();
  const whole = eventShape({ schema: tree, side: 'output' }) as Shape;
  expect(faultOf(() => compileTemplate('{{ event.data.x.y }}', { shapes: new Map([['event', whole]]) }))).toBeUndefined();
});
