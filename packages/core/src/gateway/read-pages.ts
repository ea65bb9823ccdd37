import type { HttpAnswer, PageOptions, QueryValue } from '../connector/connector-http.ts';
import type { RequestPath } from '../connector/path.ts';
import type { Schema, SchemaOutput } from '../connector/schema.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Pages of one listing unless the caller says otherwise. */
const defaultPages = 100;

/** What reading a listing needs. */
export interface ReadPagesInput<S extends Schema, Item> {
  readonly path: RequestPath;
  readonly options: PageOptions<S, Item>;
  get(query: Readonly<Record<string, QueryValue>>): Promise<{ readonly parsed: SchemaOutput<S>; readonly answer: HttpAnswer }>;
}

/** The items of a listing, page by page. Throws `response_invalid` when the pages do not end within the bound. */
export async function* readPages<S extends Schema, Item>(input: ReadPagesInput<S, Item>): AsyncGenerator<Item, void, undefined> {
  const { options, path } = input;
  const maximum = options.maximumPages ?? defaultPages;
  let query: Readonly<Record<string, QueryValue>> | undefined = options.query ?? {};
  for (let page = 0; query !== undefined; page += 1) {
    if (page >= maximum) {
      throw new PatchbayError({
        code: 'response_invalid',
        message: `The listing ${path.template} has more than ${maximum} pages. Narrow it, or raise maximumPages.`,
      });
    }
    const { parsed, answer } = await input.get(query);
    yield* options.items(parsed);
    query = options.next(parsed, nextLink(answer));
  }
}

/**
 * The query of the `Link: rel="next"` header (RFC 8288). Host and path of the link are never used: GitHub names the same listing by
 * another path there, and an answer must not say where the credential goes.
 */
export function nextLink(answer: Pick<HttpAnswer, 'headers'>): Readonly<Record<string, string>> | undefined {
  const { link } = answer.headers;
  if (typeof link !== 'string') return undefined;
  for (const part of link.split(/,(?=\s*<)/)) {
    const [, target, parameters] = /^\s*<([^>]*)>\s*;(.*)$/s.exec(part) ?? [];
    if (target === undefined || !isNext(parameters ?? '')) continue;
    const url = URL.parse(target, 'https://relative.invalid');
    if (url) return Object.fromEntries(url.searchParams);
  }
  return undefined;
}

function isNext(parameters: string): boolean {
  const relation = /(?:^|;)\s*rel\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(parameters);
  return (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/).includes('next');
}
