import type { ConnectorHttp, QueryValue, RequestPath } from '@patchbay/core';
import { z } from 'zod';
import { collectItems, pageSize } from './collect-items.ts';

/** What is searched for, and what a find looks like. */
export interface Search<Found extends z.ZodType> {
  readonly at: RequestPath;
  readonly query: Readonly<Record<string, QueryValue>>;
  readonly found: Found;
  readonly limit: number | undefined;
}

/** What a search gives. */
export interface SearchResult<Item> {
  /** How many GitHub has found. */
  readonly total: number;
  readonly items: readonly Item[];
  /** False where the limit was reached, or GitHub ran out of time. */
  readonly complete: boolean;
}

/** Reads the pages of one of GitHub's searches up to a limit. */
export async function searchPages<Found extends z.ZodType>(
  http: ConnectorHttp,
  { at, query, found, limit }: Search<Found>,
): Promise<SearchResult<z.output<Found>>> {
  let total = 0;
  let isWhole = true;
  const { items, complete } = await collectItems(
    http.pages(at, {
      query: { ...query, per_page: pageSize(limit) },
      response: z.object({ total_count: z.number(), incomplete_results: z.boolean(), items: z.array(found) }),
      items: (page) => {
        total = page.total_count;
        isWhole &&= !page.incomplete_results;
        return page.items;
      },
      paging: { by: 'link' },
    }),
    limit,
  );
  return { total, items, complete: complete && isWhole };
}
