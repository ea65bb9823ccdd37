import type { AttemptRecord, DispatchRecord, EventRecord, HistoryPage, HistoryStore, PageRequest, RunRecord } from '@patchbay/core/adapter';
import { parseDispatchId } from '../../../core/src/contracts/dispatch-id.ts';
import { idempotencyKeyOf } from '../../../core/src/dispatch/idempotency-key.ts';
import { tenant as usualTenant } from './hub-settings.ts';

/** A dispatch with what became of it. */
export interface AccountLine {
  readonly dispatch: DispatchRecord;
  /** Its idempotency key. */
  readonly key: string;
  readonly attempts: readonly AttemptRecord[];
}

/** Everything that the ledger says. */
export interface Account {
  readonly events: readonly EventRecord[];
  readonly runs: readonly RunRecord[];
  readonly lines: readonly AccountLine[];
}

async function all<Item>(read: (page: PageRequest) => Promise<HistoryPage<Item>>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: HistoryPage<Item> = await read({ cursor, limit: 500 });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items;
}

async function lineOf(history: HistoryStore, dispatch: DispatchRecord): Promise<AccountLine> {
  return { dispatch, key: idempotencyKeyOf(dispatch.key).value, attempts: await history.attempts(dispatch.key) };
}

/** Reads the whole ledger of a tenant. @default the tenant of the experiments with workers */
export async function readAccount(history: HistoryStore, tenant: string = usualTenant): Promise<Account> {
  const events = await all((page) => history.events(tenant, {}, page));
  const runs = await all((page) => history.runs(tenant, {}, page));
  const dispatches = await all((page) => history.dispatches(tenant, {}, page));
  const lines: AccountLine[] = [];
  for (let start = 0; start < dispatches.length; start += 50)
    lines.push(...(await Promise.all(dispatches.slice(start, start + 50).map((dispatch) => lineOf(history, dispatch)))));
  return { events, runs, lines };
}

/** Reads one dispatch, by the id that the host was told. */
export async function readLine(history: HistoryStore, dispatchId: string): Promise<AccountLine> {
  const key = parseDispatchId(usualTenant, dispatchId);
  const dispatch = key === undefined || key === null ? null : await history.dispatch(key);
  if (dispatch === null) throw new Error(`There is no dispatch ${dispatchId}.`);
  return lineOf(history, dispatch);
}
