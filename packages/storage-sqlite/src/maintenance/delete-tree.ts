import { passTurn } from '../ledger/turns.ts';
import { number, optionalText, type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';
import type { Root } from './old-roots.ts';

/** What one batch may still delete: SQLite visits each page of a long value to free it. */
export interface Budget {
  rows: number;
  bytes: number;
}

/** True where the batch is full. */
export const isSpent = ({ rows, bytes }: Budget): boolean => rows <= 0 || bytes <= 0;

const openBelow = `
  select exists (select 1 from dispatches where tenant = ? and root = ? and status in ('pending', 'leased', 'held'))
    or exists (select 1 from runs where tenant = ? and root = ? and status = 'running')
    or exists (select 1 from event_marks where tenant = ? and root = ? and ended = 0) as found`;

/** Whether something below the root has not ended, so that all of it is kept. */
export function isOpen(session: Session, { tenant, root }: Root): boolean {
  const row = session.get(openBelow, tenant, root, tenant, root, tenant, root);
  return row !== undefined && number(row, 'found') === 1;
}

const sizes = (columns: readonly string[]): string => columns.map((column) => `coalesce(octet_length(${column}), 0)`).join(' + ');

// From the leaves up: whoever looks meanwhile, or after a crash, finds no row without what it belongs to.
const steps = [
  {
    find: `
      select handle as place, ${sizes(['input', 'output', 'error'])} as bytes, target, ordering_key from dispatches
      where tenant = ? and root = ? limit ?`,
    remove: ['delete from attempts where dispatch = ?', 'delete from dispatches where handle = ?'],
  },
  {
    find: `select rowid as place, ${sizes(['state', 'error'])} as bytes from runs where tenant = ? and root = ? limit ?`,
    remove: ['delete from runs where rowid = ?'],
  },
  {
    find: 'select position as place, 0 as bytes from event_marks where tenant = ? and root = ? limit ?',
    remove: ['delete from event_marks where position = ?'],
  },
  {
    find: `select rowid as place, ${sizes(['considered', 'data', 'original', 'additions'])} as bytes from events where tenant = ? and id = ? limit ?`,
    remove: ['delete from events where rowid = ?'],
  },
];

/** A dead dispatch that kept an ordering key to itself lets go of it when it is gone. */
function passTurnOf(session: Session, { tenant, row, now }: { readonly tenant: string; readonly row: Row; readonly now: number }): void {
  const key = 'ordering_key' in row ? optionalText(row, 'ordering_key') : null;
  if (key !== null) passTurn(session, [tenant, text(row, 'target'), key], now);
}

/** What is deleted, and when. */
export interface Deletion extends Root {
  readonly now: number;
}

/** Deletes what stands below the root and the root itself. False where the budget was spent before the end: then it is called again. */
export function deleteTree(session: Session, { tenant, root, now }: Deletion, budget: Budget): boolean {
  for (const { find, remove } of steps) {
    // One row more than may go tells whether any is left.
    for (const row of session.all(find, tenant, root, budget.rows + 1)) {
      if (isSpent(budget)) return false;
      for (const sql of remove) budget.rows -= session.run(sql, number(row, 'place'));
      passTurnOf(session, { tenant, row, now });
      budget.bytes -= number(row, 'bytes');
    }
  }
  return true;
}
