import { describe, expect, it } from 'vitest';
import { operationEffect } from './operation-effect.ts';

describe('operationEffect', () => {
  it.each([
    '{ viewer { id } }',
    'query { viewer { id } }',
    'query Mine($mutation: Int = 3) @live { viewer(first: $mutation) { mutation: id } }',
    '# mutation\nquery A { a }',
    'query A { a(text: "} mutation { x") }',
    'query A { a(text: """ } mutation { "x" \\""" """) }',
    'fragment F on Mutation { id } query A { ...F }',
    'query A { a } query B { b }',
    'query A { a(filter: { mutation: true, list: [{ x: 1 }] }) }',
    '﻿query A { a }',
  ])('takes %j for a read', (document) => {
    expect(operationEffect(document)).toBe('read');
  });

  it.each([
    'mutation { a }',
    'mutation A($x: Int) { a(x: $x) }',
    '# query\nmutation A { a }',
    'query A { a } mutation B { b }',
    'fragment F on X { id }\nmutation B { b { ...F } }',
    '{ a } mutation { b }',
    '""" words """ mutation { a }',
  ])('takes %j for a write', (document) => {
    expect(operationEffect(document)).toBe('write');
  });

  it.each([
    '',
    'words',
    'fragment F on X { id }',
    'subscription { a }',
    'query { a } subscription { b }',
    'query { a',
    'query { a } }',
    'query A',
    'query A { a(text: "unfinished) }',
    'type Query { a: Int }',
    'extend type Mutation { a: Int }',
    'mutation',
    '{ a } b',
    `{ ${'a '.repeat(60_000)} }`,
  ])('refuses %j', (document) => {
    expect(() => operationEffect(document)).toThrow(expect.objectContaining({ code: 'invalid_argument', sent: 'no' }));
  });

  it('is not slow on a document made to be', () => {
    for (const document of ['"'.repeat(50_000), '"""'.repeat(30_000), '"\\'.repeat(45_000), '#'.repeat(99_000), '{'.repeat(99_000)])
      expect(() => operationEffect(document)).toThrow();
  });
});
