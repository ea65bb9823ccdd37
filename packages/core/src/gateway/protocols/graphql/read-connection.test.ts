import { expect, it } from 'vitest';
import { z } from 'zod';
import type { GraphqlConnection } from '../../../connector/graphql-options.ts';
import { path } from '../../../connector/path.ts';
import { readConnection } from './read-connection.ts';

type Page = GraphqlConnection<number>;
const response = z.custom<Page>();

function setUp(
  pages: (cursor: string | undefined) => Page,
  options: { readonly maximumPages?: number; readonly cursorVariable?: string } = {},
) {
  const asked: unknown[] = [];
  const nodes = readConnection({
    path: path`/graphql`,
    options: { query: '{ things }', variables: { first: 2 }, response, connection: (page: Page) => page, ...options },
    async get(variables = {}) {
      asked.push(variables);
      const cursor = variables[options.cursorVariable ?? 'after'];
      return pages(typeof cursor === 'string' ? cursor : undefined);
    },
  });
  return { asked, nodes };
}

async function collect(nodes: AsyncIterable<number>): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const node of nodes) found.push(node);
  return found;
}

const chain = (cursor: string | undefined): Page =>
  cursor === undefined
    ? { nodes: [1, null, 2], pageInfo: { hasNextPage: true, endCursor: 'b' } }
    : { edges: [{ node: 3 }, null, { node: null }], pageInfo: { hasNextPage: false, endCursor: 'c' } };

it('gives the nodes of all pages, from nodes or edges, each page asked for by the cursor before it', async () => {
  const { asked, nodes } = setUp(chain);
  expect(await collect(nodes)).toEqual([1, 2, 3]);
  expect(asked).toEqual([{ first: 2 }, { first: 2, after: 'b' }]);
  const other = setUp(chain, { cursorVariable: 'from' });
  await collect(other.nodes);
  expect(other.asked[1]).toEqual({ first: 2, from: 'b' });
});

it('asks for a page when its first node is wanted, and no more once the reader has enough', async () => {
  const { asked, nodes } = setUp(() => ({ nodes: [1], pageInfo: { hasNextPage: true, endCursor: String(asked.length) } }));
  for await (const _node of nodes) break;
  expect(asked).toHaveLength(1);
});

it.each([
  ['comes back to a page', () => ({ nodes: [1], pageInfo: { hasNextPage: true, endCursor: 'same' } }), 2],
  ['says that it goes on and not where', () => ({ nodes: [1], pageInfo: { hasNextPage: true, endCursor: null } }), 1],
  ['more than 5 pages', (cursor: string | undefined) => ({ nodes: [1], pageInfo: { hasNextPage: true, endCursor: `${cursor}x` } }), 5],
])('ends with an error where the service %s', async (what, page, requests) => {
  const { asked, nodes } = setUp(page, { maximumPages: 5 });
  await expect(collect(nodes)).rejects.toMatchObject({ code: 'response_invalid', message: expect.stringContaining(what) });
  expect(asked).toHaveLength(requests);
});

it('ends with an error where nothing but empty pages come', async () => {
  const { asked, nodes } = setUp((cursor) => ({ nodes: [], pageInfo: { hasNextPage: true, endCursor: `${cursor}x` } }));
  await expect(collect(nodes)).rejects.toMatchObject({ message: expect.stringContaining('empty pages in a row') });
  expect(asked).toHaveLength(26);
});
