import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Json } from '../json/json.ts';
import { exampleOf } from './example-of.ts';

it('is a value that the schema lets through', () => {
  const schema = z.object({
    key: z.string(),
    state: z.enum(['open', 'closed']),
    kind: z.literal('issue'),
    count: z.int().min(3),
    isOpen: z.boolean(),
    labels: z.array(z.object({ name: z.string() })),
    at: z.iso.datetime(),
    mail: z.email(),
    parent: z.union([z.number(), z.string()]),
    closedAt: z.string().nullable(),
    more: z.record(z.string(), z.number()),
  });
  const example = exampleOf(z.toJSONSchema(schema) as Json);
  expect(schema.parse(example)).toEqual(example);
  expect(example).toMatchObject({ key: 'example', state: 'open', count: 3, labels: [{ name: 'example' }] });
});

it('is null where a schema says nothing, refers to elsewhere, or nests too deep', () => {
  expect([exampleOf(undefined), exampleOf({}), exampleOf({ $ref: '#/$defs/a' }), exampleOf(true)]).toEqual([null, null, null, null]);
  let deep: Json = { type: 'string' };
  for (let depth = 0; depth < 50; depth += 1) deep = { type: 'array', items: deep };
  expect(JSON.stringify(exampleOf(deep))).toBe('[[[[[[[[null]]]]]]]]');
});
