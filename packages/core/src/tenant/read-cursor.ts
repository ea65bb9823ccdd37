import type { PageRequest } from '../contracts/history-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Which page a host asks for. */
export interface ListOptions {
  /** What the last page answered; absent: the newest. */
  readonly cursor?: string | null;
  /** 1 to 500. @default 50 */
  readonly limit?: number;
}

/** A page for the host. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Goes on behind the last item; `null` at the end. */
  readonly cursor: string | null;
}

/** The store's page request. Throws `invalid_argument` for a limit or cursor that is none. */
export function pageRequest({ cursor = null, limit = 50 }: ListOptions): PageRequest {
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw new PatchbayError({ code: 'invalid_argument', message: 'The limit of a page is a whole number from 1 to 500.' });
  if (cursor !== null && typeof cursor !== 'string')
    throw new PatchbayError({ code: 'invalid_argument', message: 'The cursor of a page is what the last page answered.' });
  return { cursor, limit };
}
