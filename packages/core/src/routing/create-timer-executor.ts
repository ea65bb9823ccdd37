import { longestWaitMs } from '../automation/duration.ts';
import { readDelayUntil, readWaitInput } from '../automation/timer-input.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Executor, Outcome } from '../contracts/executor.ts';
import { keeperPolicy } from '../dispatch/keeper-policy.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { awaitedEvent, waitOutput } from './awaited-event.ts';
import { firstAwaited } from './first-awaited.ts';
import { timerHandler } from './timer-dispatch.ts';
import { forgetWait, registerWait } from './wait-registrations.ts';
import { type WakeOptions, wakeWaits } from './wake-waits.ts';

/** A step that waits is never given up for the hub's own trouble: what cannot be looked at now is looked at later. */
export const patientPolicy: ExecutionPolicy = {
  ...keeperPolicy,
  backoffMs: (attempts) => Math.min(60_000, 500 * 2 ** Math.min(attempts, 7)),
};

/**
 * Milliseconds between looks of a wait by itself. An event wakes those who wait for it at once; the look is for runs whose automation has been
 * changed or deleted since, so that nobody sees by the configuration that they wait.
 */
const lookAgainMs = 600_000;

/** Milliseconds until waits in another's hands are looked at again. */
const busyAgainMs = 100;

/** Executes delays and waits, and wakes waits when an event has come. */
export function createTimerExecutor(options: WakeOptions): Executor {
  return {
    handler: timerHandler,
    policy: () => patientPolicy,
    async execute({ dispatch }) {
      try {
        if (dispatch.operation === 'delay') return delayed(dispatch);
        return dispatch.operation === 'wake' ? await woken(options, dispatch) : await waited(options, dispatch);
      } catch (error) {
        // The store is away, or this version cannot read the automation: every look may be repeated.
        return { outcome: 'failed', error: toErrorRecord(error), retryable: true };
      }
    },
  };
}

const done: Outcome = { outcome: 'succeeded', output: null };

function delayed({ input, storeNow, createdAt }: ClaimedDispatch): Outcome {
  const until = readDelayUntil(input);
  if (until === null || until <= storeNow) return done;
  if (until - createdAt <= longestWaitMs) return { outcome: 'deferred', delayMs: until - storeNow, reason: 'delay' };
  const message = 'The time is more than 30 days away, which is longer than a step may wait. Start another automation then.';
  return { outcome: 'failed', error: { code: 'invalid_input', message }, retryable: false };
}

async function woken(options: WakeOptions, { key }: ClaimedDispatch): Promise<Outcome> {
  const event = await options.storage.history.event(key.tenant, key.root);
  if (event === null) return done;
  const { isBusy } = await wakeWaits(options, event);
  return isBusy ? { outcome: 'deferred', delayMs: busyAgainMs, reason: 'waits' } : done;
}

async function waited(options: WakeOptions, dispatch: ClaimedDispatch): Promise<Outcome> {
  const { key, run, storeNow, createdAt } = dispatch;
  const { states } = options.storage;
  const wanted = readWaitInput(dispatch.input);
  if (wanted === null || run === null) return unreadable;
  const takes = await awaitedEvent(options, dispatch, run);
  if (takes === null) return unreadable;
  // First it can be found, then it looks itself: whichever event is committed after the one is woken for, and before it is seen by the other.
  await registerWait(states, wanted.event, key);
  const before = createdAt + wanted.timeoutMs;
  const among = { tenant: key.tenant, type: wanted.event, takes, since: wanted.since ?? run.startedAt, before };
  const found = await firstAwaited(options.storage.history, among);
  const leftMs = before - storeNow;
  if (found === null && leftMs > 0) return { outcome: 'deferred', delayMs: Math.min(leftMs, lookAgainMs), reason: 'waiting' };
  await forgetWait(states, wanted.event, key);
  return { outcome: 'succeeded', output: waitOutput(found) };
}

const unreadable: Outcome = {
  outcome: 'failed',
  error: { code: 'unsupported', message: 'This version of the hub cannot read what the step waits for. Update the package.' },
  retryable: false,
};
