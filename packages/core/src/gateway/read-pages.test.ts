import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PageOptions, QueryValue } from '../connector/connector-http.ts';
import { path } from '../connector/path.ts';
import { readPages } from './read-pages.ts';

const response = z.object({ items: z.array(z.number()), next: z.number().optional() });
type Page = z.output<typeof response>;
type Options = PageOptions<typeof response, number>;

function setUp(pages: (query: Readonly<Record<string, QueryValue>>) => Page, options: Partial<Options> = {}) {
  const asked: Readonly<Record<string, QueryValue>>[] = [];
  const listing = readPages({
    path: path`/items`,
    options: {
      response,
      items: (page) => page.items,
      next: (page) => (page.next === undefined ? undefined : { page: page.next }),
      ...options,
    },
    async get(query) {
      asked.push(query);
      return { parsed: pages(query), answer: { status: 200, headers: {}, body: new Uint8Array() } };
    },
  });
  return { asked, listing };
}

const pageOf = (query: Readonly<Record<string, QueryValue>>): number => Number(query['page'] ?? 1);

async function collect(listing: AsyncIterable<number>): Promise<readonly number[]> {
  const items: number[] = [];
  for await (const item of listing) items.push(item);
  return items;
}

describe('readPages', () => {
  it('gives the items of all pages in order, and asks for a page when its first item is wanted', async () => {
    const { asked, listing } = setUp((query) => ({ items: [pageOf(query)], ...(pageOf(query) < 3 ? { next: pageOf(query) + 1 } : {}) }));
    expect((await listing.next()).value).toBe(1);
    expect(asked).toHaveLength(1);
    const rest: number[] = [];
    for await (const item of listing) rest.push(item);
    expect(rest).toEqual([2, 3]);
  });

  it('ends with an error, never silently, where there are more pages than may be', async () => {
    const { asked, listing } = setUp((query) => ({ items: [], next: pageOf(query) + 1 }), { maximumPages: 5 });
    await expect(collect(listing)).rejects.toMatchObject({
      code: 'response_invalid',
      message: expect.stringContaining('more than 5'),
    });
    expect(asked).toHaveLength(5);
  });

  it('has a bound of 100 pages unless told otherwise', async () => {
    const { asked, listing } = setUp((query) => ({ items: [], next: pageOf(query) + 1 }));
    await expect(collect(listing)).rejects.toMatchObject({ code: 'response_invalid' });
    expect(asked).toHaveLength(100);
  });

  it.each([Number.POSITIVE_INFINITY, Number.NaN, 0, -1, 2.5])(
    'refuses a bound of %d pages before it asks for one, and says what to do',
    async (bound) => {
      const { asked, listing } = setUp(() => ({ items: [] }), { maximumPages: bound });
      const error = await collect(listing).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'invalid_argument',
        sent: 'no',
        message: expect.stringMatching(/The listing \/items may not have maximumPages .*\. Give a whole number above zero/),
      });
      expect(asked).toHaveLength(0);
    },
  );

  it('notices at once that a listing goes in a circle', async () => {
    const { asked, listing } = setUp((query) => ({ items: [pageOf(query)], next: pageOf(query) === 3 ? 2 : pageOf(query) + 1 }));
    await expect(collect(listing)).rejects.toMatchObject({
      code: 'response_invalid',
      message: expect.stringContaining('comes back to a page'),
    });
    expect(asked).toHaveLength(3);
  });

  it('asks no further where the reader has enough', async () => {
    const { asked, listing } = setUp((query) => ({ items: [1, 2], next: pageOf(query) + 1 }));
    for await (const _item of listing) break;
    expect(asked).toHaveLength(1);
  });
});
