import { sleep } from '../clock/sleep.ts';
import type { DispatchEnd } from '../contracts/advancer.ts';
import type { ClaimedDispatch, RunRecord } from '../contracts/dispatch-records.ts';
import type { RunChange } from '../contracts/run-change.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import { type PersistOptions, persist } from './persist.ts';

type ChangeOptions = PersistOptions & Pick<DispatcherOptions, 'advancer' | 'storage'>;

/**
 * What a dispatch's end means for its run. An advancer that could not read the store is asked again; one that says for good that the
 * run cannot go on fails the run with that reason, because the outcome is known and must be written all the same.
 */
export async function workOutChange(
  options: ChangeOptions,
  input: { readonly dispatch: ClaimedDispatch; readonly run: RunRecord; readonly end: DispatchEnd },
): Promise<RunChange | null> {
  const { dispatch, run, end } = input;
  return persist(options, async () => {
    try {
      return await options.advancer.advance(dispatch, run, end);
    } catch (error) {
      if (!isPatchbayError(error) || error.retryable) throw error;
      return { key: run.key, revision: run.revision, status: 'failed', state: run.state, error: toErrorRecord(error), next: [] };
    }
  });
}

/** Times that a run may have moved on before a pause is made: others change it only now and then. */
const promptTries = 3;

/** The run as it is now, after a change that was worked out from an older one. Throws `internal` where there can be none. */
export async function newerRun(
  options: ChangeOptions,
  input: { readonly change: RunChange | null; readonly times: number },
): Promise<RunRecord> {
  const { change, times } = input;
  if (times >= promptTries) await sleep(options.clock, Math.ceil(options.random() * 100), options.giveUp);
  const newer = change && (await persist(options, () => options.storage.history.run(change.key)));
  if (newer) return newer;
  throw new PatchbayError({ code: 'internal', message: 'The store calls a settlement stale that has no run. Report it to the adapter.' });
}
