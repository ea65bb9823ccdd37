import type { HttpAnswer, PageOptions, QueryValue } from '../connector/connector-http.ts';
import type { RequestPath } from '../connector/path.ts';
import type { Schema, SchemaOutput } from '../connector/schema.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { encodeQuery } from './encode-query.ts';
import { nextLink } from './next-link.ts';

/** Pages of one listing unless the caller says otherwise. */
const defaultPages = 100;

type Query = Readonly<Record<string, QueryValue>>;

/** What reading a listing needs. */
export interface ReadPagesInput<S extends Schema, Item> {
  readonly path: RequestPath;
  readonly options: PageOptions<S, Item>;
  get(query: Query): Promise<{ readonly parsed: SchemaOutput<S>; readonly answer: HttpAnswer }>;
}

/**
 * The items of a listing, page by page. Throws `response_invalid` when the pages do not end within the bound, or begin to repeat, and
 * `invalid_argument` for a bound that is none, before a page is asked for.
 */
export async function* readPages<S extends Schema, Item>(input: ReadPagesInput<S, Item>): AsyncGenerator<Item, void, undefined> {
  const { options, path } = input;
  const maximum = options.maximumPages ?? defaultPages;
  if (!(Number.isSafeInteger(maximum) && maximum > 0)) throw unbounded(path, maximum);
  const seen = new Set<string>();
  let query: Query | undefined = options.query ?? {};
  while (query !== undefined) {
    const name = encodeQuery(query);
    if (seen.has(name)) throw endless(path, 'comes back to a page that it has given. Report it to the author of the connector.');
    if (seen.size >= maximum) throw endless(path, `has more than ${maximum} pages. Narrow it, or raise maximumPages.`);
    seen.add(name);
    const { parsed, answer } = await input.get(query);
    yield* options.items(parsed);
    query = options.next(parsed, nextLink(answer));
  }
}

function unbounded({ template }: RequestPath, maximum: number): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: `The listing ${template} may not have maximumPages ${maximum}. Give a whole number above zero, or leave it out for ${defaultPages}.`,
    sent: 'no',
  });
}

function endless({ template }: RequestPath, what: string): PatchbayError {
  return new PatchbayError({ code: 'response_invalid', message: `The listing ${template} ${what}` });
}
