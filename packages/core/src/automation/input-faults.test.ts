import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Schema } from '../connector/schema.ts';
import type { Json } from '../json/json.ts';
import { inputFaults } from './input-faults.ts';

const someone = z.strictObject({ name: z.string() });
const ticket = z.strictObject({
  title: z.string().min(3),
  priority: z.enum(['low', 'high']).optional(),
  count: z.number().int().optional(),
  kind: z.literal('bug').optional(),
  labels: z.array(z.string()).optional(),
  owner: someone.optional(),
  details: z.json().optional(),
});
const expression = '{{ event.data.any }}';

describe('an input without templates', () => {
  it.each<[string, Json]>([
    ['fits', { title: 'Broken', priority: 'low', count: 2, kind: 'bug', labels: ['a'], owner: { name: 'x' }, details: { a: [1] } }],
    ['has only what it must', { title: 'Broken' }],
  ])('may be put where it %s', (_what, input) => {
    expect(inputFaults(ticket, input)).toEqual([]);
  });

  it.each<[string, Json, readonly unknown[]]>([
    ['lacks a member', {}, ['title: is missing']],
    ['has an unknown member', { title: 'Broken', tilte: 'x' }, ['(root): Unrecognized key: "tilte"']],
    ['has a value that is too short', { title: 'x' }, ['title: must have at least 3 characters']],
    ['has a fault deep inside', { title: 'Broken', owner: { name: 7 } }, ['owner.name: must be text']],
    ['is no object', [], ['(root): must be an object']],
  ])('is refused with place and reason where it %s', (_what, input, faults) => {
    expect(inputFaults(ticket, input)).toEqual(faults);
  });

  it('is held against what only code can say', () => {
    const range = z
      .strictObject({ from: z.number(), to: z.number() })
      .refine(({ from, to }) => from <= to, { path: ['to'], error: 'Too early' });
    expect(inputFaults(range, { from: 2, to: 1 })).toEqual(['to: Too early']);
  });

  it('has five of its faults named, and no value', () => {
    const many = z.strictObject({ list: z.array(z.string().refine(() => false, { error: (issue) => `not ${issue.input}` })) });
    const faults = inputFaults(many, { list: Array.from({ length: 9 }, () => 'sesame') });
    expect(faults).toEqual(Array.from({ length: 5 }, (_, index) => `list.${index}: is not accepted`));
  });

  it('is held against a schema that answers by promise', async () => {
    const slow = z.strictObject({ name: z.string().refine(async (name) => name === 'a') });
    await expect(inputFaults(promised(slow), { name: 'b' })).resolves.toEqual(['name: Invalid input']);
    await expect(inputFaults(promised(slow), { name: 'a' })).resolves.toEqual([]);
  });
});

describe('an input with templates', () => {
  it.each<[string, Json, readonly unknown[]]>([
    ['an unknown member', { title: expression, tilte: 'x' }, ['(root): Unrecognized key: "tilte"']],
    ['an unknown member that is itself one', { title: 'Broken', tilte: expression }, ['(root): Unrecognized key: "tilte"']],
    ['an unknown member deep inside', { title: expression, owner: { name: 'x', age: 1 } }, ['owner: Unrecognized key: "age"']],
    ['a missing member', { count: expression }, ['title: is missing']],
    ['a missing member deep inside', { title: expression, owner: {} }, ['owner.name: is missing']],
    ['a constant of another type', { title: expression, count: 'two' }, ['count: must be a number']],
    ['a constant of another type in a list', { title: expression, labels: ['a', 1] }, ['labels.1: must be text']],
    ['an object for a list', { title: 'Broken', labels: {}, count: expression }, ['labels: must be a list']],
    ['a broken number', { title: expression, count: 1.5 }, ['count: must be a whole number']],
    ['none of the words', { title: expression, priority: 'urgent' }, ['priority: must be "low" or "high"']],
    ['another word', { title: expression, kind: 'idea' }, ['kind: must be "bug"']],
  ])('is refused for %s', (_what, input, faults) => {
    expect(inputFaults(ticket, input)).toEqual(faults);
  });

  it.each<[string, Schema, Json]>([
    ['is one itself', ticket, expression],
    [
      'may fit in every place',
      ticket,
      { title: expression, priority: expression, count: expression, labels: expression, owner: expression },
    ],
    ['has them inside text', ticket, { title: `A ${expression}`, priority: `${expression}w`, details: { a: [expression] } }],
    ['has a constant that another rule than its type refuses', ticket, { title: 'x', count: expression }],
    [
      'chooses among forms by one',
      z.discriminatedUnion('k', [z.strictObject({ k: z.literal('a') }), someone.extend({ k: z.literal('b') })]),
      {
        k: expression,
        name: 'x',
      },
    ],
    ['has another form', z.union([someone, z.strictObject({ id: z.number() })]), { id: 'x', name: expression }],
    ['is coerced', z.strictObject({ count: z.coerce.number(), note: z.string() }), { count: '3', note: expression }],
    [
      'has defaults',
      z.strictObject({ count: z.number().default(1), tag: z.string().catch('none'), note: z.string() }),
      { note: expression },
    ],
    ['may have any member', z.looseObject({ note: z.string() }), { note: expression, more: 1 }],
    ['has members that are any JSON', z.strictObject({ note: z.string(), any: z.unknown() }), { note: expression, any: [expression] }],
    [
      'is compared with what nobody knows yet',
      z.strictObject({ from: z.unknown(), to: z.number() }).refine(({ from, to }) => from === to, { path: ['to'] }),
      { from: expression, to: 1 },
    ],
    [
      'is reworked first',
      z.preprocess((value) => (Object(value).kind === 'text' ? { title: 'x' } : value), z.strictObject({ title: z.string() })),
      { kind: expression },
    ],
    [
      'makes its schema throw',
      z.strictObject({ a: z.unknown().transform((value) => `${String(Object(value).b.c)}`) }),
      { a: expression, b: 1 },
    ],
    ['cannot be described', z.strictObject({ a: z.string(), at: z.date() }), { a: expression, b: 1 }],
    ['is of a library that cannot be looked into', other(ticket), { tilte: expression }],
  ])('may be put where it %s', async (_what, schema, input) => {
    expect(await inputFaults(schema, input)).toEqual([]);
  });

  it('is held against a schema that answers by promise', async () => {
    await expect(inputFaults(promised(ticket), { count: expression })).resolves.toEqual([expect.stringMatching(/^title: /)]);
    await expect(inputFaults(promised(ticket), { title: expression })).resolves.toEqual([]);
  });

  it('follows references', () => {
    interface Tree {
      readonly name: string;
      readonly kids: readonly Tree[];
    }
    const tree: z.ZodType<Tree> = z.strictObject({ name: z.string(), kids: z.lazy(() => z.array(tree)) });
    expect(inputFaults(tree, { name: expression, kids: [{ name: expression, kids: [{ name: 7, kids: [] }] }] })).toEqual([
      'kids.0.kids.0.name: must be text',
    ]);
    expect(inputFaults(z.strictObject({ tree }), { tree: { name: expression, kid: [] } })).toEqual([
      expect.stringMatching(/^tree\.kids: /),
      'tree: Unrecognized key: "kid"',
    ]);
  });
});

/** The same schema, of a library that nobody knows. */
function other(schema: Schema): Schema {
  return { '~standard': { ...schema['~standard'], vendor: 'other' } };
}

/** The same schema, answering by promise. */
function promised(schema: z.ZodType): Schema & { readonly _zod: unknown } {
  const validate = async (value: unknown) => {
    const parsed = await schema.safeParseAsync(value);
    return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues };
  };
  return { _zod: schema._zod, '~standard': { ...schema['~standard'], validate } };
}
