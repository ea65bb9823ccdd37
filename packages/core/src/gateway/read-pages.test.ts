import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PageRequest } from '../connector/connector-http.ts';
import type { Paging } from '../connector/paging.ts';
import { path } from '../connector/path.ts';
import type { QueryValue } from '../connector/query-value.ts';
import { readPages } from './read-pages.ts';

const response = z.object({ items: z.array(z.number()), next: z.number().optional() });
type Page = z.output<typeof response>;
type Options = PageRequest<typeof response, number>;

function setUp(pages: (query: Readonly<Record<string, QueryValue>>) => Page, options: Partial<Options> = {}) {
  const asked: Readonly<Record<string, QueryValue>>[] = [];
  const listing = readPages({
    path: path`/items`,
    origin: 'https://api.example.com',
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
    const items = listing[Symbol.asyncIterator]();
    const given = [];
    for (let each = await items.next(); each.done !== true; each = await items.next()) given.push([each.value, asked.length]);
    expect(given).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it.each([
    ['of one page', 2, [1, 2], true, 1],
    ['that end with a page behind which another comes', 3, [1, 2, 3], true, 1],
    ['of two pages', 4, [1, 2, 3, 4], true, 2],
    ['that are all of them', 6, [1, 2, 3, 4, 5, 6], false, 2],
    ['of fewer than are wanted', 9, [1, 2, 3, 4, 5, 6], false, 2],
  ])('gives the first items %s, whether there is more, and asks for no page beyond them', async (_what, limit, items, more, pages) => {
    const { asked, listing } = setUp((query) => (pageOf(query) === 1 ? { items: [1, 2, 3], next: 2 } : { items: [4, 5, 6] }));
    expect(await listing.first(limit)).toEqual({ items, more });
    expect(asked).toHaveLength(pages);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to give the first %d items', async (limit) => {
    const { asked, listing } = setUp(() => ({ items: [1] }));
    await expect(listing.first(limit)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(asked).toEqual([]);
  });

  it('tells of a listing that does not end where its first items are wanted too', async () => {
    const { listing } = setUp((query) => ({ items: [1], next: pageOf(query) + 1 }), { maximumPages: 5 });
    await expect(listing.first(6)).rejects.toMatchObject({ code: 'response_invalid' });
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
    const { asked, listing } = setUp((query) => ({ items: [1], next: pageOf(query) + 1 }));
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

type Paged = PageRequest<typeof response, number> & { readonly paging: Paging<Page> };

function paged(
  pages: (fields: Readonly<Record<string, QueryValue>>) => Page & { readonly link?: string },
  options: Pick<Paged, 'paging'> & Partial<Paged>,
) {
  const asked: Readonly<Record<string, QueryValue>>[] = [];
  const listing = readPages({
    path: path`/items`,
    origin: 'https://api.example.com',
    options: { response, items: (page: Page) => page.items, ...options },
    async get(fields) {
      asked.push(fields);
      const { link, ...parsed } = pages(fields);
      return { parsed, answer: { headers: link === undefined ? {} : { link } } };
    },
  });
  return { asked, listing };
}

describe('the usual ways to page', () => {
  it('follow the link to the next page, with all that it asks for', async () => {
    const link = '<https://api.example.com/other?page=2&label=a&label=b>; rel="next"';
    const { asked, listing } = paged((fields) => (fields['page'] === '2' ? { items: [2] } : { items: [1], link }), {
      query: { first: 'x' },
      paging: { by: 'link' },
    });
    expect(await collect(listing)).toEqual([1, 2]);
    expect(asked).toEqual([{ first: 'x' }, { page: '2', label: ['a', 'b'] }]);
    const relative = paged((fields) => (fields['page'] === '2' ? { items: [2] } : { items: [1], link: '<?page=2>; rel="next"' }), {
      paging: { by: 'link' },
    });
    expect(await collect(relative.listing)).toEqual([1, 2]);
  });

  it.each([
    'https://evil.example/items?page=2',
    '//evil.example/items?page=2',
    'http://api.example.com/items?page=2',
    'https://api.example.com:444/?page=2',
  ])('end at a link to %s', async (target) => {
    const { asked, listing } = paged(() => ({ items: [1], link: `<${target}>; rel="next"` }), { paging: { by: 'link' } });
    await expect(collect(listing)).rejects.toMatchObject({ code: 'response_invalid', message: expect.stringContaining('another origin') });
    expect(asked).toHaveLength(1);
  });

  it('hand a cursor on, beside what was asked for first', async () => {
    const { asked, listing } = paged((fields) => (fields['token'] === undefined ? { items: [1], next: 7 } : { items: [2] }), {
      query: { q: 'x' },
      paging: { by: 'cursor', parameter: 'token', cursor: ({ next }) => next },
    });
    expect(await collect(listing)).toEqual([1, 2]);
    expect(asked).toEqual([{ q: 'x' }, { q: 'x', token: 7 }]);
  });

  it.each([[undefined], [null], ['']])('take the cursor %j for the end', async (cursor) => {
    const { asked, listing } = paged(() => ({ items: [1] }), { paging: { by: 'cursor', cursor: () => cursor } });
    await collect(listing);
    expect(asked).toHaveLength(1);
  });

  it('count pages from the first, up to one that is empty, not full or said to be the last', async () => {
    const three = (fields: Readonly<Record<string, QueryValue>>) => ({ items: Number(fields['p'] ?? 0) < 2 ? [1, 2] : [] });
    const zero = paged(three, { paging: { by: 'page', parameter: 'p', first: 0 } });
    expect(await collect(zero.listing)).toEqual([1, 2, 1, 2]);
    expect(zero.asked).toEqual([{ p: 0 }, { p: 1 }, { p: 2 }]);
    const short = paged(() => ({ items: [1] }), { paging: { by: 'page', size: 2 } });
    expect(await collect(short.listing)).toEqual([1]);
    expect(short.asked).toEqual([{ page: 1 }]);
    const last = paged(({ page }) => ({ items: [], next: Number(page) }), { paging: { by: 'page', isLast: ({ next }) => next === 3 } });
    await collect(last.listing);
    expect(last.asked).toHaveLength(3);
  });

  it('count items, up to the total that the service names', async () => {
    const { asked, listing } = paged(() => ({ items: [1, 2], next: 5 }), {
      query: { maxResults: 2 },
      paging: { by: 'offset', parameter: 'startAt', total: ({ next }) => next },
    });
    expect(await collect(listing)).toHaveLength(6);
    expect(asked).toEqual([{ maxResults: 2 }, { maxResults: 2, startAt: 2 }, { maxResults: 2, startAt: 4 }]);
    const short = paged((fields) => ({ items: fields['offset'] === undefined ? [1, 2] : [3] }), { paging: { by: 'offset', size: 2 } });
    expect(await collect(short.listing)).toEqual([1, 2, 3]);
    const empty = paged(() => ({ items: [], next: 1_000 }), { paging: { by: 'offset', first: 1, total: ({ next }) => next } });
    await collect(empty.listing);
    expect(empty.asked).toEqual([{ offset: 1 }]);
  });

  it('leave the query alone where pages are posted', async () => {
    const { asked, listing } = paged((fields) => (fields['cursor'] === undefined ? { items: [1], next: 2 } : { items: [] }), {
      method: 'POST',
      query: { q: 'x' },
      json: { filter: 'y' },
      paging: { by: 'cursor', cursor: ({ next }) => next },
    });
    await collect(listing);
    expect(asked).toEqual([{}, { cursor: 2 }]);
  });

  it('end with an error where the same cursor comes again', async () => {
    const { asked, listing } = paged(() => ({ items: [1], next: 7 }), { paging: { by: 'cursor', cursor: ({ next }) => next } });
    await expect(collect(listing)).rejects.toMatchObject({ message: expect.stringContaining('comes back to a page') });
    expect(asked).toHaveLength(2);
  });

  it('end with an error where nothing but empty pages come', async () => {
    const { asked, listing } = paged(() => ({ items: [], next: asked.length }), { paging: { by: 'cursor', cursor: ({ next }) => next } });
    await expect(collect(listing)).rejects.toMatchObject({
      code: 'response_invalid',
      message: expect.stringContaining('26 empty pages in a row'),
    });
    expect(asked).toHaveLength(26);
  });
});
