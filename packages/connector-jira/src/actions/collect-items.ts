import type { OffsetPaging } from '@patchbay/core/host';

/** Items of a listing, and whether it goes on. */
export interface Collected<Item> {
  readonly items: Item[];
  readonly more: boolean;
}

/** The first items of a listing, so many at most. */
export async function collectItems<Item>(listing: AsyncIterable<Item>, most: number): Promise<Collected<Item>> {
  const items: Item[] = [];
  for await (const item of listing) {
    if (items.length === most) return { items, more: true };
    items.push(item);
  }
  return { items, more: false };
}

/** Items of one page: Jira gives a hundred at most of nearly everything. */
export const pageSize = (most: number): number => Math.min(most, 100);

/** Jira's listings by offset. Some say how many items there are, some which page is the last, some both. */
export const byOffset: OffsetPaging<{ readonly total?: number | null | undefined; readonly isLast?: boolean | null | undefined }> = {
  by: 'offset',
  parameter: 'startAt',
  total: ({ total, isLast }) => (isLast === true ? 0 : total),
};
