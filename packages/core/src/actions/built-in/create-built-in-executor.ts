import { runWithin } from '../../bounds/run-within.ts';
import type { Clock } from '../../clock/clock.ts';
import type { BuiltInAction, BuiltInCall } from '../../connector/built-in-action.ts';
import { builtInHandler } from '../../connector/built-in-action.ts';
import { parseWith } from '../../connector/parse-with.ts';
import type { ClaimedDispatch } from '../../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Executor, Finding, Outcome, Work } from '../../contracts/executor.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import { soundError } from '../../errors/sound-error.ts';
import { whereThrown } from '../../errors/where-thrown.ts';
import type { Json } from '../../json/json.ts';
import type { Logger } from '../../logger/logger.ts';
import { defaultActionTimeoutMs, type RetryFigures } from '../action-policy.ts';
import type { LanePlaces } from '../lane-places.ts';
import { outcomeOfCall } from './outcome-of-call.ts';

/** What executing built-in actions needs. */
export interface BuiltInExecutorOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** One for all actions. */
  readonly lanes: LanePlaces;
  readonly figures: RetryFigures;
  readonly backoffMs: ExecutionPolicy['backoffMs'];
}

/** Milliseconds until what found its lane full is looked at again. */
const placeAgainIn = 250;

const hour = 3_600_000;

/** Executes one built-in action: its input is parsed, its code is bounded, what it throws becomes an outcome. */
export function createBuiltInExecutor(action: BuiltInAction, options: BuiltInExecutorOptions): Executor {
  const { reconcile } = action;
  return {
    handler: builtInHandler(action.name),
    policy: (dispatch) => policyOf(action, options, dispatch),
    execute: (work) => inPlace(action, options, work),
    fullLanes: options.lanes.full,
    ...(reconcile === undefined ? {} : { reconcile: (work) => look(action, options, work) }),
  };
}

async function inPlace(action: BuiltInAction, options: BuiltInExecutorOptions, work: Work): Promise<Outcome> {
  const { key, lane } = work.dispatch;
  const leave = options.lanes.enter({ tenant: key.tenant, lane });
  if (leave === null) return { outcome: 'deferred', delayMs: placeAgainIn, reason: 'bulkhead' };
  try {
    return await execute(action, options, work);
  } finally {
    leave();
  }
}

async function execute(action: BuiltInAction, options: BuiltInExecutorOptions, work: Work): Promise<Outcome> {
  let input: unknown;
  try {
    input = await inputOf(action, work);
  } catch (error) {
    return outcomeOfCall(soundError(error), 'read');
  }
  if (work.signal.aborted || options.clock.monotonic() >= work.deadline) return { outcome: 'deferred', delayMs: 0, reason: 'lease_lost' };
  try {
    return await within(action, options, work, (signal) => action.run(callOf(work, input, signal)));
  } catch (thrown) {
    if (!isPatchbayError(thrown)) options.logger.warn('a built-in action threw', { operation: action.name, ...whereThrown(thrown) });
    return outcomeOfCall(soundError(thrown), action.idempotency);
  }
}

async function look(action: BuiltInAction, options: BuiltInExecutorOptions, work: Work): Promise<Finding> {
  const { dispatch } = work;
  const input = await inputOf(action, work);
  const since = Math.min(dispatch.firstSentAt ?? dispatch.storeNow, dispatch.unknownSince ?? dispatch.createdAt);
  return within(action, options, work, async (signal) => {
    const finding = await action.reconcile?.(callOf(work, input, signal), since);
    return finding ?? { answer: 'cannot_tell' };
  });
}

function inputOf(action: BuiltInAction, { dispatch }: Work): Promise<unknown> {
  // Rendered by the planner as JSON text.
  const given = dispatch.input === null ? {} : (JSON.parse(dispatch.input) as Json);
  const advice = 'Nothing was done. Correct the automation or the call.';
  return parseWith(action.input, given, { code: 'invalid_input', what: `The input of ${action.name}`, advice });
}

function within<Result>(
  action: BuiltInAction,
  { clock }: BuiltInExecutorOptions,
  work: Work,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const timeoutMs = work.timeoutMs ?? action.timeoutMs ?? defaultActionTimeoutMs;
  return runWithin({ clock, timeoutMs, signal: work.signal, what: action.name, deadline: () => work.deadline }, call);
}

function callOf(work: Work, input: unknown, signal: AbortSignal): BuiltInCall {
  const { dispatch, key, attempt } = work;
  return { tenant: dispatch.key.tenant, input, key, attempt, signal, deadline: () => work.deadline, dispatch };
}

function policyOf(action: BuiltInAction, { figures, backoffMs }: BuiltInExecutorOptions, dispatch: ClaimedDispatch): ExecutionPolicy {
  return {
    idempotency: action.idempotency,
    maximumAttempts: figures.maximumAttempts,
    maximumCrashes: figures.maximumCrashes,
    timeoutMs: action.timeoutMs ?? defaultActionTimeoutMs,
    retryWithinMs: action.retryWithinMs ?? hour,
    keyLifetimeMs: action.keyLifetimeMs ?? Number.POSITIVE_INFINITY,
    settlesWithinMs: action.settlesWithinMs ?? 0,
    onUnknown: dispatch.onUnknown,
    backoffMs,
  };
}
