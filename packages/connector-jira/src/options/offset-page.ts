import type { Json } from '@patchbay/core';
import type { InputOption, OptionPage } from '@patchbay/core/host';

/** A page of Jira's, by the place where it begins. */
export interface OffsetPage<Item> {
  readonly values: readonly Item[];
  readonly isLast?: boolean | null | undefined;
  readonly total?: number | null | undefined;
}

/** Where a page begins, as the page before said. */
export function offsetIn(cursor: Json): number {
  return typeof cursor === 'number' && Number.isInteger(cursor) && cursor > 0 ? cursor : 0;
}

/** The choices of a page. A person is shown labels of at most 200 characters. */
export function pageOptions<Item>(startAt: number, page: OffsetPage<Item>, toOption: (item: Item) => InputOption): OptionPage {
  const { values, isLast, total } = page;
  const next = startAt + values.length;
  const isEnd = values.length === 0 || isLast === true || (typeof total === 'number' && next >= total);
  const options = values.map(toOption).map((option) => ({ ...option, label: option.label.slice(0, 200) }));
  return isEnd || (isLast === undefined && total === undefined) ? { options } : { options, cursor: next };
}
