import type { HttpAnswer, PageOptions } from '../connector/connector-http.ts';
import type { RequestPath } from '../connector/path.ts';
import type { Schema, SchemaOutput } from '../connector/schema.ts';
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

/**
 * The items of a listing, page by page; one page is held at a time, and asked for when its first item is. Throws `response_invalid` when the pages do
 * not end within the bound, begin to repeat or stay empty, and `invalid_argument` for a bound that is none, before a page is asked for.
 */
export async function* readPages<S extends Schema, Item>(input: ReadPagesInput<S, Item>): AsyncGenerator<Item, void, undefined> {
  const { options, origin, path } = input;
  const count = createPageCount(path, options.maximumPages);
  let fields: PageFields | undefined = { ...(options.method === 'POST' ? {} : options.query), ...firstFields(options.paging) };
  let total = 0;
  for (let pages = 1; fields !== undefined; pages += 1) {
    count.begin(encodeQuery(fields));
    const { parsed, answer } = await input.get(fields);
    const items = options.items(parsed);
    total += items.length;
    yield* items;
    fields = nextFields(
      options,
      { page: parsed, answer, items: items.length, total, pages, fields },
      { origin: options.host === undefined ? origin : null, count },
    );
    if (fields !== undefined) count.end(items.length);
  }
}
