import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { changeOf } from './change-of.ts';
import { readRecords } from './read-records.ts';

const schema = z.object({ total: z.coerce.number(), at: z.date().or(z.string()).optional(), more: z.json().optional() });
const described = z.object({ total: z.number(), at: z.string().optional(), more: z.json().optional() });
// A schema that says what it gives as JSON does, and takes what a driver of a database gives.
const standard = { ...schema['~standard'], jsonSchema: described['~standard'].jsonSchema };
const { types } = readRecords({ types: { invoice: { title: 'Invoice', schema: { '~standard': standard } } }, get: async () => null });
const type = types.get('invoice');

const change = (before: unknown, after: unknown, repeated?: Parameters<typeof changeOf>[1]['repeated']) => {
  if (!type) throw new Error('The type is missing.');
  return changeOf(type, { before, after, repeated });
};

describe('changeOf', () => {
  it('compares what the schema gives, so that the spelling of a driver is no change', async () => {
    expect(await change({ total: '12.50' }, { total: 12.5 })).toBeNull();
    const at = new Date('2026-01-01T00:00:00Z');
    expect(await change({ total: 1, at }, { total: 1, at: '2026-01-01T00:00:00.000Z' })).toBeNull();
    expect(await change({ total: 1, at }, { total: '2' })).toMatchObject({ kind: 'updated', changed: ['at', 'total'] });
  });

  it('tells a repeated write as what it was, with nothing before', async () => {
    const again = { kind: 'updated', changed: ['total', 'at'] } as const;
    expect(await change({ total: 1 }, { total: 1 }, again)).toEqual({
      kind: 'updated',
      before: null,
      after: { total: 1 },
      changed: ['at', 'total'],
    });
    expect(await change({ total: 1 }, { total: 2 }, again)).toMatchObject({ before: { total: 1 }, changed: ['total'] });
    expect(await change(null, null, { kind: 'deleted', changed: [] })).toEqual({ kind: 'deleted', before: null, after: null, changed: [] });
  });

  it.each([
    ['now', null, 'more'],
    ['before', 'more', null],
  ])('refuses what nests deeper than its schema can follow, %s', async (_when, before, after) => {
    let more: unknown = 1;
    for (let depth = 0; depth < 50_000; depth += 1) more = [more];
    const deep = (word: string | null) => (word === null ? null : { total: 1, more });
    await expect(change(deep(before), deep(after))).rejects.toMatchObject({ code: 'invalid_event' });
  });
});
