import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readRecords } from './read-records.ts';
import type { RecordAdapter } from './record-adapter.ts';

const schema = z.object({ total: z.number(), status: z.string() });
const get = async () => null;
const written = async () => ({ status: 'missing' as const });

const read = (parts: object) => () => readRecords({ types: { invoice: { title: 'Invoice', schema } }, get, ...parts } as RecordAdapter);
const typed = (invoice: object, parts: object = {}) => read({ types: { invoice: { title: 'Invoice', schema, ...invoice } }, ...parts });

describe('readRecords', () => {
  it('compiles the types with their members, views and links', () => {
    const when = { field: 'record.total', op: 'greater_than', value: 5 };
    const { types } = typed(
      { views: { large: { when }, own: {} }, links: { next: { to: 'invoice' } } },
      { inView: () => true, link: written, writesToldBy: 'hub' },
    )();
    const invoice = types.get('invoice');
    expect(invoice?.members).toEqual(['status', 'total']);
    expect(invoice?.views.get('large')?.test({ record: { total: 6 } })).toBe(true);
    expect(invoice?.views.get('own')).toBeNull();
    expect(invoice?.links.get('next')).toEqual({ to: 'invoice' });
  });

  it.each([
    ['no types', read({ types: {} }), 'types holds none'],
    ['types that are none', read({ types: [] }), 'types holds none'],
    ['an odd name', read({ types: { 'a.b': { title: 'A', schema } } }), 'types.a.b is not letters'],
    ['a forbidden name', read({ types: { constructor: { title: 'A', schema } } }), 'types.constructor is not letters'],
    ['no title', typed({ title: undefined }), 'types.invoice has no title'],
    ['no schema', typed({ schema: {} }), 'types.invoice has no schema'],
    ['a schema of no object', typed({ schema: z.string() }), 'names no members'],
    ['a schema of create that is none', typed({ create: {} }, { create: written, writesToldBy: 'hub' }), 'has no schema at create'],
    ['creation without a method', typed({ create: schema }), 'the adapter has no method create'],
    ['updates without a method', typed({ update: schema }), 'the adapter has no method update'],
    ['deletion without a method', typed({ delete: true }), 'the adapter has no method delete'],
    ['links without a method', typed({ links: { next: { to: 'invoice' } } }), 'the adapter has no method link'],
    [
      'a link to no type',
      typed({ links: { next: { to: 'task' } } }, { link: written, writesToldBy: 'hub' }),
      'links.next leads to no declared type',
    ],
    ['a view that nobody can tell', typed({ views: { own: {} } }), 'views.own has no condition, and the adapter has no method inView'],
    ['a view with an odd name', typed({ views: { 'a b': { when: { cel: 'true' } } } }), 'views.a b is not letters'],
    ['a view with an odd condition', typed({ views: { own: { when: { cel: 'record.' } } } }), 'views.own'],
    ['a view of the event', typed({ views: { own: { when: { cel: 'event.id == "x"' } } } }), 'views.own'],
    [
      'a view over no member',
      typed({ views: { own: { when: { cel: 'record.totl > 1.0' } } } }),
      'a record has no totl; did you mean total?',
    ],
    ['nobody who tells of writes', read({ update: written }), 'writesToldBy is missing'],
    ['somebody odd who tells of writes', read({ update: written, writesToldBy: 'host' }), 'writesToldBy is missing'],
    ['a lifetime of nothing', read({ keyLifetimeMs: 0 }), 'keyLifetimeMs'],
  ])('refuses %s', (_what, make, words) => {
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(words) }));
  });

  it('refuses a schema that cannot say itself as JSON Schema', () => {
    const { jsonSchema: _none, ...standard } = schema['~standard'];
    expect(typed({ schema: { '~standard': standard } })).toThrow('cannot describe itself');
  });
});
