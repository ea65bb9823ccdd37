import { forgetReceipts } from '../control/receipts.ts';
import { number } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import { type Budget, deleteTree, isOpen, isSpent } from './delete-tree.ts';
import { oldRoots, type Root } from './old-roots.ts';

/** Roots that one batch looks at, and rows and bytes that it deletes: a few milliseconds, so that other calls come to their turn. */
const rootsAtOnce = 100;
const rowsAtOnce = 1_000;
const bytesAtOnce = 4 * 1024 * 1024;

/** Pages that one batch gives back to the file system. */
const pagesAtOnce = 256;

/** What to retire. */
export interface RetireRequest {
  readonly historyDays: number;
  readonly dedupeDays: number;
  /** Where to go on in the history; `null` once its end was reached. */
  readonly after: Root | null;
}

/** What is left to do. */
export interface Retired {
  /** The `after` of the next batch. */
  readonly after: Root | null;
  /** True where nothing is left. */
  readonly done: boolean;
}

function retireTrees(
  session: Session,
  { after, historyDays: days }: RetireRequest & { after: Root },
  now: number,
  budget: Budget,
): Root | null {
  const { roots, next } = oldRoots(session, { after, now, days, limit: rootsAtOnce });
  let place = after;
  for (const root of roots) {
    if (isSpent(budget)) return place;
    if (!isOpen(session, root) && !deleteTree(session, { ...root, now }, budget)) return place;
    place = root;
  }
  return next;
}

const forgetKeys = `
  delete from event_dedupe where (tenant, guard) in (select tenant, guard from event_dedupe where stored_at < ? order by stored_at limit ?)`;

const pragma = (session: Session, name: 'freelist_count' | 'page_count'): number => {
  const row = session.get(`pragma ${name}`);
  return row === undefined ? 0 : number(row, name);
};

/** Gives pages back. A quarter of the file stays free for what comes next: growing again costs more than keeping them. */
function releasePages(session: Session): boolean {
  const free = (): number => pragma(session, 'freelist_count');
  const before = free();
  if (before <= pragma(session, 'page_count') / 4) return false;
  session.all(`pragma incremental_vacuum(${pagesAtOnce})`);
  // A file that was made without a map of its pages gives none back.
  return free() < before;
}

/** Deletes a batch of what is past its time: whole trees below old events, then dedupe keys and receipts; then it gives pages back. */
export function retire(session: Session, request: RetireRequest, now: number): Retired {
  const budget: Budget = { rows: rowsAtOnce, bytes: bytesAtOnce };
  const { after, dedupeDays } = request;
  const left = after === null ? null : retireTrees(session, { ...request, after }, now, budget);
  if (left !== null || isSpent(budget)) return { after: left, done: false };
  budget.rows -= session.run(forgetKeys, now - dedupeDays * 86_400_000, budget.rows);
  if (isSpent(budget)) return { after: null, done: false };
  // Each has a body of its own, so a batch is of few.
  if (forgetReceipts(session, now, rootsAtOnce) === rootsAtOnce) return { after: null, done: false };
  return { after: null, done: !releasePages(session) };
}
