import type { PageRequest } from '../contracts/history-store.ts';

/** Which page a host asks for. */
export interface PageOptions {
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

/** The store's page request within its bounds. */
export function pageRequest(options: PageOptions): PageRequest {
  return { cursor: options.cursor ?? null, limit: Math.min(500, Math.max(1, Math.trunc(options.limit ?? 50))) };
}
