import type { ExecutionPolicy, Executor, Finding, Work } from '../contracts/executor.ts';
import { type ErrorRecord, toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { retryAfterOf } from '../errors/retry-after-of.ts';
import type { Resolution } from './resolution.ts';
import { held, resolveOutcome, resolveUnknown } from './resolve-outcome.ts';

/** What a look needs. */
export interface LookInput {
  readonly executor: Executor;
  readonly work: Work;
  readonly policy: ExecutionPolicy;
  /** Between 0 and 1. */
  readonly random: number;
  /** Milliseconds after a claim within which every execution begins: the length of a lease. */
  readonly leaseMs: number;
}

/**
 * Looks at the provider for the effect of a request whose answer was lost. That it is absent is recorded as an outcome of its own before
 * anything is sent again: from then on the lost request counts as settled, and the next one's time is its own.
 */
export async function lookForEffect(input: LookInput): Promise<Resolution> {
  const { executor, work, policy, random } = input;
  const { dispatch } = work;
  if (!executor.reconcile) return held(unknown('its connector can no longer look'));
  let finding: Finding;
  try {
    finding = await executor.reconcile(work);
  } catch (error) {
    return afterFailedLook(input, error);
  }
  switch (finding.answer) {
    case 'found': {
      const warnings = ['Found at the provider after an answer was lost.'];
      return resolveOutcome({ dispatch, policy, random, outcome: { outcome: 'succeeded', output: finding.output, warnings } });
    }
    case 'cannot_tell':
      return held(unknown(`the provider cannot say${finding.reason ? `: ${finding.reason}` : ''}`));
    case 'absent':
      return whenAbsent(input);
    case 'not_now':
      return { write: 'defer', delayMs: finding.delayMs, reason: finding.reason, nothingSent: true };
  }
}

/** `absent` counts once the request, sent as late as it can have been, must show. */
function whenAbsent({ work, policy, random, leaseMs }: LookInput): Resolution {
  const { dispatch } = work;
  // The mark was made by the claim. The call began while that lease was trusted, and nothing of it was sent after its time was over.
  const lastSend = (dispatch.unknownSince ?? dispatch.storeNow) + leaseMs + policy.timeoutMs;
  const left = lastSend + policy.settlesWithinMs - dispatch.storeNow;
  if (left > 0) return { write: 'defer', delayMs: left, reason: 'reconcile', nothingSent: true };
  const message = 'The provider does not have it: the request whose answer was lost did not happen.';
  const error = { code: 'outcome_unknown', message };
  return resolveOutcome({
    dispatch,
    policy: { ...policy, backoffMs: () => 0 },
    random,
    outcome: { outcome: 'failed', error, retryable: true },
  });
}

function afterFailedLook({ work, policy, random }: LookInput, error: unknown): Resolution {
  const { dispatch, signal } = work;
  // A look that was taken back is no try: nothing was learned, and nobody is at fault.
  if (signal.aborted) return { write: 'defer', delayMs: 0, reason: reasonOf(signal), nothingSent: true };
  const asked = isPatchbayError(error) ? retryAfterOf(error) : undefined;
  const wait = asked === undefined ? {} : { retryAfterMs: asked };
  const lane = isPatchbayError(error) && error.code === 'rate_limited' ? { closeLane: 'rate_limited' as const } : {};
  return resolveUnknown({ dispatch, policy, random }, toErrorRecord(error), { ...wait, ...lane });
}

/** Why a signal was aborted, as the ledger says it. */
export function reasonOf({ reason }: AbortSignal): string {
  return isPatchbayError(reason) && reason.code === 'lease_lost' ? 'lease_lost' : 'drain';
}

function unknown(why: string): ErrorRecord {
  return { code: 'outcome_unknown', message: `It may have happened, and ${why}. Decide with dispatches.resolve.` };
}
