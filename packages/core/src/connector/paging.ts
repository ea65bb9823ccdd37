/** Follows the `Link: rel="next"` header (RFC 8288). One that names another origin ends the listing with an error. */
export interface LinkPaging {
  readonly by: 'link';
}

/** The next page is named by a cursor in the answer. The same cursor twice ends the listing with an error. */
export interface CursorPaging<Page> {
  readonly by: 'cursor';
  /** The cursor of the next page; none, `null` and an empty text say that this was the last. */
  cursor(page: Page): string | number | null | undefined;
  /** Name of the field that takes it, of the query, or of the body where the pages are posted. @default 'cursor' */
  readonly parameter?: string;
}

/** Pages have numbers. The last is the first that is empty or not full, or the one that `isLast` names. */
export interface NumberPaging<Page> {
  readonly by: 'page';
  /** @default 'page' */
  readonly parameter?: string;
  /** Number of the first page. @default 1 */
  readonly first?: number;
  /** Items of a full page, where the service keeps to it. @default the last page is empty */
  readonly size?: number;
  isLast?(page: Page): boolean;
}

/** Each page begins after the items before it, as Jira's `startAt` does. The last is the first that is empty, or the one that reaches `total`. */
export interface OffsetPaging<Page> {
  readonly by: 'offset';
  /** @default 'offset' */
  readonly parameter?: string;
  /** Where the first page begins. @default 0 */
  readonly first?: number;
  /** Items of a full page, where the service keeps to it. @default the last page is empty, or reaches `total` */
  readonly size?: number;
  /** Items of the whole listing, where the service says so. */
  total?(page: Page): number | null | undefined;
}

/** How a listing goes on. */
export type Paging<Page> = LinkPaging | CursorPaging<Page> | NumberPaging<Page> | OffsetPaging<Page>;
