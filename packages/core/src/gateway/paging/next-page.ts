import type { HttpAnswer, PageOptions } from '../../connector/connector-http.ts';
import type { NumberPaging, OffsetPaging, Paging } from '../../connector/paging.ts';
import type { QueryValue } from '../../connector/query-value.ts';
import type { Schema, SchemaOutput } from '../../connector/schema.ts';
import { type NextLink, nextLink } from '../next-link.ts';
import type { PageCount } from './page-count.ts';

/** What says which page is asked for: fields of the query, or of the body where pages are posted. */
export type PageFields = Readonly<Record<string, QueryValue>>;

/** A page that has come. */
export interface GivenPage<Page> {
  readonly page: Page;
  readonly answer: Pick<HttpAnswer, 'headers'>;
  /** Items of this page. */
  readonly items: number;
  /** Items of all pages so far, this one included. */
  readonly total: number;
  /** Pages so far. */
  readonly pages: number;
  /** What this page was asked for with. */
  readonly fields: PageFields;
}

/** Where a listing is, and how to end it. */
export interface Listing {
  /** Of the connection; a link to another ends the listing. `null`: pages are of another host, and no link names a place anyway. */
  readonly origin: string | null;
  readonly count: Pick<PageCount, 'fault'>;
}

/** What the first page is asked for with, beside what the caller says. */
export function firstFields<Page>(paging: Paging<Page> | undefined): PageFields {
  if (paging?.by === 'page') return { [paging.parameter ?? 'page']: paging.first ?? 1 };
  return paging?.by === 'offset' && paging.first !== undefined ? { [paging.parameter ?? 'offset']: paging.first } : {};
}

/** What the next page is asked for with; `undefined` at the end. Throws `response_invalid` for a link to another origin. */
export function nextFields<S extends Schema, Item>(
  { paging, next }: Pick<PageOptions<S, Item>, 'paging' | 'next'>,
  given: GivenPage<SchemaOutput<S>>,
  listing: Listing,
): PageFields | undefined {
  if (paging === undefined) return next?.(given.page, nextLink(given.answer)?.query);
  switch (paging.by) {
    case 'link':
      return sameOrigin(nextLink(given.answer), listing)?.fields;
    case 'cursor': {
      const cursor = paging.cursor(given.page);
      const isLast = cursor === undefined || cursor === null || cursor === '';
      return isLast ? undefined : { ...given.fields, [paging.parameter ?? 'cursor']: cursor };
    }
    case 'page':
      return isLastNumber(paging, given) ? undefined : { ...given.fields, [paging.parameter ?? 'page']: (paging.first ?? 1) + given.pages };
    default:
      return isLastOffset(paging, given)
        ? undefined
        : { ...given.fields, [paging.parameter ?? 'offset']: (paging.first ?? 0) + given.total };
  }
}

function sameOrigin(link: NextLink | undefined, { origin, count }: Listing): NextLink | undefined {
  if (link && origin !== null && link.origin !== null && link.origin !== origin)
    throw count.fault('goes on at another origin, where the credential does not go. Report it to the author of the connector.');
  return link;
}

const isShort = (size: number | undefined, items: number): boolean => items === 0 || (size !== undefined && items < size);

function isLastNumber<Page>({ size, isLast }: NumberPaging<Page>, { page, items }: GivenPage<Page>): boolean {
  return isLast === undefined ? isShort(size, items) : isLast(page);
}

function isLastOffset<Page>(paging: OffsetPaging<Page>, { page, items, total }: GivenPage<Page>): boolean {
  const whole = paging.total?.(page);
  if (typeof whole === 'number') return items === 0 || (paging.first ?? 0) + total >= whole;
  return isShort(paging.size, items);
}
