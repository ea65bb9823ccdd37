import { expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { BatchAnswer } from './batch-declaration.ts';
import type { ConnectorHttp, Listing } from './connector-http.ts';
import type { GraphqlAnswer } from './graphql-options.ts';
import { path } from './path.ts';

declare const http: ConnectorHttp;
declare const text: string;
const response = z.object({ id: z.string() });
const fields = 'id';

it('a query of GraphQL is a text that is written out, never one put together from values', () => {
  expectTypeOf(http.graphql(path`/g`, { query: '{ a }', response })).resolves.toEqualTypeOf<{ id: string }>();
  expectTypeOf(http.graphql(path`/g`, { query: `{ a { ${fields} } }` as const, response })).resolves.toEqualTypeOf<{ id: string }>();
  // @ts-expect-error any text
  http.graphql(path`/g`, { query: text, response });
  // @ts-expect-error a text with a value in it
  http.graphql(path`/g`, { query: `{ a(id: "${text}") }`, response });
  // @ts-expect-error a text with a value in it, said to be constant
  http.graphql(path`/g`, { query: `{ a(id: "${text}") }` as const, response });
  // @ts-expect-error the same for what may come in parts
  http.graphql(path`/g`, { query: text, response, partial: 'allow' });
});

it('a text that is given is taken where the call says so, and says what it may be', () => {
  const given = { query: text, response, partial: 'allow', dangerouslyGivenQuery: true } as const;
  expectTypeOf(http.graphql(path`/g`, { ...given, only: 'query' })).resolves.toEqualTypeOf<GraphqlAnswer<typeof response>>();
  // @ts-expect-error it does not say what it may be
  http.graphql(path`/g`, given);
});

it('partial data comes with its errors', () => {
  const answer = http.graphql(path`/g`, { query: '{ a }', response, partial: 'allow' });
  expectTypeOf(answer).resolves.toEqualTypeOf<GraphqlAnswer<typeof response>>();
});

it('the usual ways to page know the page', () => {
  const page = z.object({ items: z.array(z.number()), next: z.string().nullish(), total: z.number() });
  const items = (given: z.output<typeof page>) => given.items;
  expectTypeOf(http.pages(path`/i`, { response: page, items, paging: { by: 'cursor', cursor: ({ next }) => next } })).toEqualTypeOf<
    Listing<number>
  >();
  expectTypeOf(
    http.pages(path`/i`, { response: page, items: (given) => given.items, paging: { by: 'offset', total: ({ total }) => total } }),
  ).toEqualTypeOf<Listing<number>>();
  http.pages(path`/i`, { response: page, items, paging: { by: 'link' } });
  http.pages(path`/i`, { response: page, items, next: ({ next }) => (next ? { next } : undefined) });
  // @ts-expect-error neither of the two
  http.pages(path`/i`, { response: page, items });
  // @ts-expect-error both of them
  http.pages(path`/i`, { response: page, items, paging: { by: 'link' }, next: () => undefined });
});

it('each read of a batch has the type of its own schema', () => {
  const answers = http.batch([
    { path: path`/a`, response },
    { path: path`/b`, response: z.number() },
  ]);
  expectTypeOf(answers).resolves.toEqualTypeOf<readonly [BatchAnswer<{ id: string }>, BatchAnswer<number>]>();
});
