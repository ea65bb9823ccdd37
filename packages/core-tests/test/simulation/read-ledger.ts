import type { AttemptRecord, DispatchRecord, EventRecord, RunRecord, Storage } from '@patchbay/core/adapter';
import { idempotencyKeyOf } from '../../../core/src/dispatch/idempotency-key.ts';
import { tenant } from './figures.ts';

/** A dispatch with what became of it. */
export interface LedgerLine {
  readonly dispatch: DispatchRecord;
  /** Its idempotency key. */
  readonly key: string;
  readonly attempts: readonly AttemptRecord[];
}

/** Everything that the store holds. */
export interface LedgerContents {
  readonly events: readonly EventRecord[];
  readonly runs: readonly RunRecord[];
  readonly lines: readonly LedgerLine[];
}

/** Reads the whole ledger of the tenant. A history is short: one page of each holds it. */
export async function readLedger({ history }: Storage): Promise<LedgerContents> {
  const page = { cursor: null, limit: 500 };
  const [events, runs, dispatches] = await Promise.all([
    history.events(tenant, {}, page),
    history.runs(tenant, {}, page),
    history.dispatches(tenant, {}, page),
  ]);
  if (events.cursor ?? runs.cursor ?? dispatches.cursor) throw new Error('The history is longer than a page; read on.');
  const lines = await Promise.all(
    dispatches.items.map(async (dispatch) => ({
      dispatch,
      key: idempotencyKeyOf(dispatch.key).value,
      attempts: await history.attempts(dispatch.key),
    })),
  );
  return { events: events.items, runs: runs.items, lines };
}

/** How people name a dispatch in a trace. */
export function nameOf({ key }: Pick<DispatchRecord, 'key'>): string {
  return `${key.root.slice(-6)}/${key.target.startsWith('automation:') ? '' : `${key.target}/`}${key.path}#${key.replay}`;
}
