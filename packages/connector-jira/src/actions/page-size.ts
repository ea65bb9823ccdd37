import type { OffsetPaging } from '@patchbay/core/host';

/** Items of one page: Jira gives a hundred at most of nearly everything. */
export const pageSize = (most: number): number => Math.min(most, 100);

/** Jira's listings by offset. Some say how many items there are, some which page is the last, some both. */
export const byOffset: OffsetPaging<{ readonly total?: number | null | undefined; readonly isLast?: boolean | null | undefined }> = {
  by: 'offset',
  parameter: 'startAt',
  total: ({ total, isLast }) => (isLast === true ? 0 : total),
};
