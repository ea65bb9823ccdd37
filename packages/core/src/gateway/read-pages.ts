import type { HttpAnswer, Listing, PageOptions } from '../connector/connector-http.ts';
import type { RequestPath } from '../connector/path.ts';
import type { Schema, SchemaOutput } from '../connector/schema.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { encodeQuery } from './encode-query.ts';
import { firstFields, nextFields, type PageFields } from './paging/next-page.ts';
import { createPageCount } from './paging/page-count.ts';

/** What reading a listing needs. */
export interface ReadPagesInput<S extends Schema, Item> {
  readonly path: RequestPath;
  readonly options: PageOptions<S, Item>;
  /** The connection's; a link to another is not followed. */
  readonly origin: string;
  /** Asks for a page by the fields that change from page to page: those of the query, or of the body where pages are posted. */
  get(fields: PageFields): Promise<{ readonly parsed: SchemaOutput<S>; readonly answer: Pick<HttpAnswer, 'headers'> }>;
}

/** The pages of a listing, one after another. */
interface PageWalk<Item> {
  /** Asks for the next page; `undefined` behind the last. */
  read(): Promise<readonly Item[] | undefined>;
  /** Whether a page follows, as far as the one that was read last tells. */
  goesOn(): boolean;
}

function walkPages<S extends Schema, Item>({ options, origin, path, get }: ReadPagesInput<S, Item>): PageWalk<Item> {
  const count = createPageCount(path, options.maximumPages);
  const first: PageFields = { ...(options.method === 'POST' ? {} : options.query), ...firstFields(options.paging) };
  let next: () => PageFields | undefined = () => first;
  let pages = 0;
  let total = 0;
  return {
    async read() {
      const fields = next();
      if (fields === undefined) return undefined;
      count.begin(encodeQuery(fields));
      const { parsed, answer } = await get(fields);
      const items = options.items(parsed);
      total += items.length;
      pages += 1;
      const read = { page: parsed, answer, items: items.length, total, pages, fields };
      next = once(() => {
        const found = nextFields(options, read, { origin: options.host === undefined ? origin : null, count });
        if (found !== undefined) count.end(items.length);
        return found;
      });
      return items;
    },
    goesOn: () => next() !== undefined,
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/**
 * The items of a listing, page by page; one page is held at a time, and asked for when its first item is. Throws `response_invalid` when the pages do
 * not end within the bound, begin to repeat or stay empty, and `invalid_argument` for a bound that is none, before a page is asked for.
 */
export function readPages<S extends Schema, Item>(input: ReadPagesInput<S, Item>): Listing<Item> {
  return {
    async *[Symbol.asyncIterator]() {
      const walk = walkPages(input);
      for (let items = await walk.read(); items !== undefined; items = await walk.read()) yield* items;
    },
    async first(limit) {
      if (!Number.isInteger(limit) || limit < 1) throw invalidLimit(input.path, limit);
      const walk = walkPages(input);
      const found: Item[] = [];
      for (let items = await walk.read(); items !== undefined; items = await walk.read()) {
        const left = limit - found.length;
        found.push(...items.slice(0, left));
        if (items.length > left) return { items: found, more: true };
        if (items.length === left) return { items: found, more: walk.goesOn() };
      }
      return { items: found, more: false };
    },
  };
}

function invalidLimit(path: RequestPath, limit: number): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: `The first ${limit} items of ${path.template} were asked for. Ask for a whole number above zero.`,
  });
}
