import { toEntry } from '../audit/recorder.ts';
import { isEscalation } from '../automation/fail-run.ts';
import type { DispatchEnd } from '../contracts/advancer.ts';
import type { AmendItem, AmendVerdict } from '../contracts/amendments.ts';
import type { AuditEntry } from '../contracts/audit-store.ts';
import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord, DispatchStatus, RunRecord } from '../contracts/dispatch-records.ts';
import type { RunChange } from '../contracts/run-change.ts';
import { giveEndOfTries } from '../dispatch/give-end-of-tries.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { giveRunFinished } from '../events/give-run-finished.ts';
import type { Json } from '../json/json.ts';
import { jsonText } from '../json/json-text.ts';
import { createAdvancer, standsAt } from '../routing/create-advancer.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

type Settlement = AmendItem['settlement'];

/** A change that a person makes to a dispatch. */
export interface Amendment {
  readonly verb: 'reopen' | 'resolve' | 'cancel';
  readonly from: readonly DispatchStatus[];
  /** Statuses that it goes on from only where the dispatch blocks an ordering key. @default none */
  readonly fromBlocking?: readonly DispatchStatus[];
  readonly settlementFor: (record: DispatchRecord) => Settlement;
  /** Is the dispatch as the change would leave it? Then it was made before. */
  readonly isDone: (record: DispatchRecord) => boolean;
}

/** Opens a new round. */
export function reopening(from: readonly DispatchStatus[]): Amendment {
  return {
    verb: 'reopen',
    from,
    // Cancelling says nothing about what may have happened before it; whoever has a held one tried again has decided that.
    settlementFor: (record) => ({ to: 'pending', delayMs: 0, forget: record.status !== 'cancelled' }),
    isDone: ({ status, round, attempts }) => (status === 'pending' || status === 'leased') && round > 1 && attempts === 0,
  };
}

/** Ends one that waits. */
export const cancelling: Amendment = {
  verb: 'cancel',
  from: ['pending', 'held'],
  fromBlocking: ['dead'],
  settlementFor: () => ({ to: 'cancelled' }),
  isDone: ({ status }) => status === 'cancelled',
};

/** Ends a held one as a person says. Throws `invalid_argument` for what nobody can say. */
export function resolving(resolution: { readonly as: string; readonly output?: Json; readonly message?: string }): Amendment {
  if (resolution.as === 'retry') return reopening(['held']);
  const settlement = endingOf(resolution);
  return { verb: 'resolve', from: ['held'], settlementFor: () => settlement, isDone: (record) => hasEnded(record, settlement) };
}

type Ending = Extract<Settlement, { to: 'succeeded' | 'dead' }>;

function endingOf({ as, output, message }: { readonly as: string; readonly output?: Json; readonly message?: string }): Ending {
  const text = output === undefined ? null : jsonText(output);
  if (as === 'succeeded' && text !== undefined) return { to: 'succeeded', output: text };
  if (as === 'failed')
    return {
      to: 'dead',
      error: { code: 'resolved_as_failed', message: String(message ?? 'A person found that it did not happen.').slice(0, 500) },
    };
  throw new PatchbayError({
    code: 'invalid_argument',
    message: "A held dispatch is resolved { as: 'succeeded', output } with JSON, { as: 'failed', message } or { as: 'retry' }.",
  });
}

function hasEnded({ status, output, error }: DispatchRecord, settlement: Ending): boolean {
  if (settlement.to === 'succeeded') return status === 'succeeded' && output === settlement.output;
  return status === 'dead' && error?.code === settlement.error.code && error.message === settlement.error.message;
}

/** Times that a dispatch may move on under our hands. */
const tries = 20;

/**
 * Makes the change, with what it means for the run. Answers false where it was made before. Throws `conflict` for a dispatch in another
 * status.
 */
export async function amendDispatch(scope: TenantScope, amendment: Amendment, read: () => Promise<DispatchRecord>): Promise<boolean> {
  const { storage, queue } = scope;
  for (let count = 0; count < tries; count += 1) {
    const record = await read();
    if (amendment.isDone(record)) return false;
    checkStatus(record, amendment);
    const settlement = amendment.settlementFor(record);
    const run = await runChange(scope, record, settlement);
    const audit = entryOf(scope, amendment, record);
    const [verdict] = await storage[amendment.verb]([{ key: record.key, round: record.round, settlement, run, audit }]);
    if (!isSettled(verdict)) continue;
    if (settlement.to === 'dead')
      giveEndOfTries(scope, { dispatch: record, to: 'dead', attempts: record.attempts, error: settlement.error });
    giveRunFinished(scope, run);
    const following = settlement.to === 'pending' || (run?.next.length ?? 0) > 0 || record.ordering !== null;
    // A lost wake-up costs a poll interval, so its failure is nobody's business.
    if (following) await queue.wake({}).catch(() => undefined);
    return true;
  }
  throw new PatchbayError({ code: 'conflict', message: 'The dispatch keeps changing. Try again.', retryable: true });
}

/** `as` says how, where a person says what became of it. */
function entryOf({ recorder }: TenantScope, { verb, settlementFor }: Amendment, record: DispatchRecord): AuditEntry {
  const { key, connection, status, round, operation } = record;
  const { to } = settlementFor(record);
  const action = `dispatch.${verb === 'reopen' ? 'retry' : verb}`;
  const object = { type: 'dispatch', id: formatDispatchId(key) };
  return toEntry({ action, object, connection, correlation: key.root, details: { operation, from: status, to, round } }, recorder);
}

function isSettled(verdict: AmendVerdict | undefined): boolean {
  if (verdict?.status === 'missing') throw notFound('dispatch');
  if (verdict?.status === 'busy')
    throw new PatchbayError({
      code: 'conflict',
      message: 'A worker has the dispatch at this moment. Wait for its outcome.',
      retryable: true,
    });
  return verdict?.status === 'done';
}

function checkStatus({ status, ordering }: DispatchRecord, { from, fromBlocking = [] }: Amendment): void {
  if (from.includes(status) || (ordering?.onDead === 'block' && fromBlocking.includes(status))) return;
  throw new PatchbayError({ code: 'conflict', message: `The dispatch is ${status}; this is for one that is ${from.join(' or ')}.` });
}

/** What the change means for the run: it goes on where it stood, or ends with the dispatch. */
async function runChange(scope: TenantScope, record: DispatchRecord, settlement: Settlement): Promise<RunChange | null> {
  const { tenant, root, target, replay, path } = record.key;
  // Whatever becomes of an escalation, its run has failed and stands where it stood.
  if (!target.startsWith('automation:') || isEscalation(path)) return null;
  const run = await scope.storage.history.run({ tenant, root, automation: target.slice('automation:'.length), replay });
  if (!run) return null;
  // Whatever becomes of one that the run does not stand at any more, such as by its error path, the run is as it is.
  const isElsewhere = settlement.to !== 'succeeded' && settlement.to !== 'dead' && !(await standsThere(scope, run, path));
  if (isElsewhere) return null;
  const same = { key: run.key, revision: run.revision, state: run.state, next: [] };
  if (settlement.to === 'pending') return { ...same, status: 'running', error: null };
  if (settlement.to === 'cancelled') return { ...same, status: 'cancelled', error: null };
  const end: DispatchEnd =
    settlement.to === 'succeeded' ? { ended: 'succeeded', output: settlement.output } : { ended: 'failed', error: settlement.error };
  try {
    return await createAdvancer(scope).advance(record, run, end);
  } catch (error) {
    if (!isPatchbayError(error) || error.retryable) throw error;
    // The run cannot go on, which must not keep a person from saying what became of the dispatch.
    return { ...same, status: 'failed', error: toErrorRecord(error) };
  }
}

/** A run whose automation nobody can read is taken to stand there, so that a person can still say what becomes of the dispatch. */
async function standsThere(scope: TenantScope, run: RunRecord, path: string): Promise<boolean> {
  try {
    return await standsAt(scope, run, path);
  } catch (error) {
    if (!isPatchbayError(error) || error.retryable) throw error;
    return true;
  }
}
