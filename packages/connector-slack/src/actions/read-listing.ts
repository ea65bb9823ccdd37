import type { ConnectorHttp, QueryValue, RequestPath } from '@patchbay/core';
import type { z } from 'zod';

/** What every page says of the next one. */
export interface CursorPage {
  readonly response_metadata?: { readonly next_cursor?: string | undefined } | undefined;
}

/** A listing of Slack's that goes on by a cursor. */
export interface Listing<Page extends CursorPage, Item> {
  readonly http: ConnectorHttp;
  readonly path: RequestPath;
  /** Without `limit` and `cursor`; what is undefined is left out. */
  readonly query: Readonly<Record<string, QueryValue | undefined>>;
  readonly response: z.ZodType<Page>;
  items(page: Page): readonly Item[];
  /** Most items that are given. */
  readonly most: number;
}

// Slack recommends no more than 200 items on a page. https://docs.slack.dev/apis/web-api/pagination
const pageSize = 200;

/** The query without what is not given. */
export const given = (query: Readonly<Record<string, QueryValue | undefined>>): Record<string, QueryValue> =>
  Object.fromEntries(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** All items of a listing, page by page. */
export function listItems<Page extends CursorPage, Item>({
  http,
  path,
  query,
  response,
  items,
  most,
}: Listing<Page, Item>): AsyncIterable<Item> {
  return http.pages(path, {
    query: given({ ...query, limit: Math.min(most, pageSize) }),
    response,
    items,
    paging: { by: 'cursor', cursor: (page) => page.response_metadata?.next_cursor },
  });
}

/** The first items of a listing, and whether it has more. No further page is asked for than the items need. */
export async function readListing<Page extends CursorPage, Item>(
  listing: Listing<Page, Item>,
): Promise<{ readonly items: Item[]; readonly has_more: boolean }> {
  let left = 0;
  let hasNext = false;
  const items: Item[] = [];
  const noted = (page: Page): readonly Item[] => {
    const onPage = listing.items(page);
    left = onPage.length;
    hasNext = Boolean(page.response_metadata?.next_cursor);
    return onPage;
  };
  for await (const item of listItems({ ...listing, items: noted })) {
    items.push(item);
    left -= 1;
    if (items.length >= listing.most) break;
  }
  return { items, has_more: left > 0 || hasNext };
}
