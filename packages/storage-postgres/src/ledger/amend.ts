import type { AmendItem, AmendVerdict, DispatchRecord } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import { appendAudit } from '../audit/audit-record.ts';
import type { Database } from '../database/database.ts';
import { malformed } from '../storage-error.ts';
import { endWaiting, type FoundDispatch, findDispatch, giveUpDead, orderingKeysOf, reopenEnded, reopenHeld } from './amend-statements.ts';
import { changeRun } from './change-run.ts';
import { checkDelay } from './new-dispatches.ts';
import { keysOfNew, withKeys } from './ordering-keys.ts';

/** From which statuses each verb goes on. */
const sources: Readonly<Record<Verb, readonly DispatchRecord['status'][]>> = {
  reopen: ['dead', 'held', 'cancelled'],
  resolve: ['held'],
  cancel: ['pending', 'held'],
};

/** What a person or a policy can do to a dispatch that nobody holds. */
export type Verb = 'reopen' | 'resolve' | 'cancel';

/** Thrown inside a transaction to roll it back with this verdict. */
interface Refusal {
  readonly refused: AmendVerdict;
}

const isRefusal = (error: unknown): error is Refusal => typeof error === 'object' && error !== null && 'refused' in error;

function sameEnding({ record }: FoundDispatch, { settlement }: AmendItem): boolean {
  if (settlement.to === 'succeeded') return record.output === settlement.output;
  if (settlement.to === 'dead') return record.error?.code === settlement.error.code && record.error.message === settlement.error.message;
  return true;
}

/** What the row says when this very change wrote it last. */
const writeName = (item: AmendItem): string => `amend:${item.round}:${item.settlement.to}`;

/** True when this very change has been made and nothing has been done to the dispatch since. */
const isRepeated = (found: FoundDispatch, item: AmendItem): boolean => found.lastWrite === writeName(item) && sameEnding(found, item);

async function apply(database: Database, client: ClientBase, found: FoundDispatch, item: AmendItem): Promise<void> {
  const { settlement } = item;
  const lastWrite = writeName(item);
  if (settlement.to !== 'pending') {
    const output = settlement.to === 'succeeded' ? settlement.output : null;
    if (!found.open) {
      const forgetError = settlement.to !== 'cancelled';
      await giveUpDead({ database, client, key: item.key, status: settlement.to, output, forgetError, lastWrite });
      return;
    }
    const error = settlement.to === 'cancelled' ? 'keep' : { replace: settlement.to === 'dead' ? settlement.error : null };
    await endWaiting({ database, client, handles: [found.handle], status: settlement.to, output, error, lastWrite });
    return;
  }
  const { delayMs, forget } = settlement;
  const reopen = found.open ? reopenHeld : reopenEnded;
  await reopen({ database, client, handle: found.handle, key: item.key, delayMs, forget, lastWrite });
}

/** True where a dead dispatch that blocks its ordering key is to block it no more. */
const givesUp = ({ record: { status, ordering } }: FoundDispatch, verb: Verb, { settlement }: AmendItem): boolean =>
  verb === 'cancel' && status === 'dead' && ordering?.onDead === 'block' && settlement.to !== 'dead';

/** Amends one dispatch, with the ordering keys that it and what follows have. */
async function amendInTurn(database: Database, client: ClientBase, verb: Verb, item: AmendItem): Promise<AmendVerdict> {
  const names = [...(await orderingKeysOf(database, client, item.key)), ...keysOfNew(item.run?.next ?? [])];
  return withKeys({ database, client }, names, () => amendLocked(database, client, verb, item));
}

/** Locks the dispatch before its run, as everybody does. */
async function amendLocked(database: Database, client: ClientBase, verb: Verb, item: AmendItem): Promise<AmendVerdict> {
  const found = await findDispatch(database, client, item.key);
  if (found === null) return { status: 'missing' };
  if (isRepeated(found, item)) return { status: 'done' };
  const { status, round } = found.record;
  if (status === 'leased') return { status: 'busy' };
  if (!(sources[verb].includes(status) || givesUp(found, verb, item)) || round !== item.round) return { status: 'stale' };
  await apply(database, client, found, item);
  const { run } = item;
  const foreign = run !== null && (run.key.tenant !== item.key.tenant || run.key.root !== item.key.root);
  if (run !== null && (foreign || !(await changeRun(database, client, run)))) throw { refused: { status: 'stale' } } satisfies Refusal;
  return { status: 'done' };
}

async function amendItem(database: Database, verb: Verb, item: AmendItem): Promise<AmendVerdict> {
  const { settlement } = item;
  if ((verb === 'reopen') !== (settlement.to === 'pending')) {
    throw malformed(`The verb ${verb} cannot make a dispatch ${settlement.to}. Reopen to make it pending, resolve or cancel to end it.`);
  }
  if (settlement.to === 'pending') checkDelay(settlement.delayMs);
  try {
    return await database.transaction(async (client) => {
      const verdict = await amendInTurn(database, client, verb, item);
      const entries = verdict.status === 'done' && item.audit !== undefined ? [item.audit] : [];
      await appendAudit(database, { tenant: item.key.tenant, entries }, client);
      return verdict;
    });
  } catch (error) {
    if (isRefusal(error)) return error.refused;
    throw error;
  }
}

/**
 * Changes dispatches that nobody holds, one after the other, each in a transaction of its own: these are acts of people, not of the hot
 * path.
 */
export async function amend(database: Database, verb: Verb, items: readonly AmendItem[]): Promise<readonly AmendVerdict[]> {
  const verdicts: AmendVerdict[] = [];
  for (const item of items) verdicts.push(await amendItem(database, verb, item));
  return verdicts;
}
