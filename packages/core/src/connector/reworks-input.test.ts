import { expect, it } from 'vitest';
import { z } from 'zod';
import { reworksInput } from './reworks-input.ts';
import type { Schema } from './schema.ts';

const first = z.preprocess((value) => value, z.string());
interface Tree {
  readonly name: string;
  readonly kids: readonly Tree[];
}
const tree: z.ZodType<Tree> = z.strictObject({ name: z.string(), kids: z.lazy(() => z.array(tree)) });

it.each<[string, Schema]>([
  ['is the schema itself', first],
  ['is a member', z.strictObject({ a: z.strictObject({ b: first.optional() }) })],
  ['is an item', z.array(first)],
  ['is a value of a record', z.record(z.string(), first)],
  ['is a choice', z.union([z.number(), first])],
  ['is a part', z.intersection(z.object({ a: z.string() }), z.object({ b: first }))],
  ['comes late', z.lazy(() => z.array(first))],
  ['lies before another stage', first.transform((text) => text.length).pipe(z.number())],
])('sees a function that comes before the checks where it %s', (_place, schema) => {
  expect(reworksInput(schema)).toBe(true);
});

it.each<[string, Schema]>([
  ['plain members', z.strictObject({ a: z.string().min(1), b: z.enum(['x']).nullable(), c: z.array(z.number()).default([]) })],
  ['a function after the checks', z.strictObject({ a: z.string().transform((text) => text.length) })],
  ['a second stage', z.string().transform(Number).pipe(z.number())],
  ['refinements', z.strictObject({ a: z.string().refine((text) => text !== 'b') }).superRefine(() => undefined)],
  ['coercion', z.strictObject({ a: z.coerce.number() })],
  ['recursion', tree],
  ['any JSON', z.json()],
])('sees none in %s', (_what, schema) => {
  expect(reworksInput(schema)).toBe(false);
});

it('takes it for granted where it cannot look inside', () => {
  expect(reworksInput({ '~standard': { version: 1, vendor: 'other', validate: (value) => ({ value }) } })).toBe(true);
});
