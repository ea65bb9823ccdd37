import type { Clock } from '../clock/clock.ts';
import type { ReadOptionPage } from '../connector/read-option-page.ts';

/** Pages of choices that a service has just given. */
export interface KeptOptions {
  /** A page that is not older than half a minute. */
  find(name: string): ReadOptionPage | undefined;
  keep(name: string, page: ReadOptionPage): void;
}

/** Milliseconds for which a page is used again: a person types and looks again meanwhile. */
const keptMs = 30_000;

/** Characters of all pages together as JSON; the oldest goes first. */
const mostCharacters = 4_000_000;

/** Keeps pages in this process, under names that hold all that they depend on. */
export function createKeptOptions({ monotonic }: Pick<Clock, 'monotonic'>): KeptOptions {
  const pages = new Map<string, { readonly page: ReadOptionPage; readonly until: number; readonly size: number }>();
  let size = 0;
  const drop = (name: string): void => {
    size -= pages.get(name)?.size ?? 0;
    pages.delete(name);
  };
  return {
    find(name) {
      const kept = pages.get(name);
      if (kept && monotonic() < kept.until) return kept.page;
      drop(name);
      return undefined;
    },
    keep(name, page) {
      drop(name);
      const own = name.length + JSON.stringify(page).length;
      pages.set(name, { page, until: monotonic() + keptMs, size: own });
      size += own;
      for (const oldest of pages.keys()) {
        if (size <= mostCharacters) break;
        drop(oldest);
      }
    },
  };
}
