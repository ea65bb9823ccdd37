import { runWithin } from '../bounds/run-within.ts';
import type { ActionDefinition } from '../connector/action-definition.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { connectorValues } from '../connector/connector-values.ts';
import { requireTurnedOn } from '../connector/turned-off.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Executor, Finding, Outcome, Work } from '../contracts/executor.ts';
import type { IdempotencyKey } from '../contracts/idempotency.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { soundError } from '../errors/sound-error.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import { type GatewaySession, openSession } from '../gateway/open-session.ts';
import { requireResources } from '../gateway/require-resources.ts';
import { requireScopes } from '../gateway/require-scopes.ts';
import type { ConnectorWatch } from '../gateway/resilience/create-connector-watch.ts';
import type { Json } from '../json/json.ts';
import { actionPolicy, type RetryFigures } from './action-policy.ts';
import type { LanePlaces } from './lane-places.ts';
import { answerName, type LastAnswers } from './last-answers.ts';
import { heldBack, outcomeOfError, outcomeOfPreparing } from './outcome-of-error.ts';
import { outcomeOfResult, soundFinding } from './outcome-of-result.ts';
import {
  isCredentialReplaced,
  type ReadyConnection,
  type ReadyConnectionOptions,
  readyConnection,
  renewRefused,
} from './ready-connection.ts';
import type { RefusedCredentials } from './refused-credentials.ts';
import { degradedOf, isDown, keepAnswer, lastAnswer } from './stand-in.ts';

/** What the executor of a connector's actions needs. */
export interface ActionExecutorOptions extends ReadyConnectionOptions {
  readonly handler: string;
  readonly connector: Connector;
  readonly gateway: GatewayOptions;
  readonly clock: GatewayOptions['clock'];
  readonly refused: RefusedCredentials;
  /** One for all connectors. */
  readonly answers: LastAnswers;
  readonly watch: ConnectorWatch;
  /** One for all connectors. */
  readonly lanes: LanePlaces;
  readonly figures: RetryFigures;
  readonly backoffMs: (attempts: number, random: number) => number;
}

/** Executes the actions of one connector version through the gateway. */
export function createActionExecutor(options: ActionExecutorOptions): Executor {
  return {
    handler: options.handler,
    policy: (dispatch) => policyOf(options, dispatch),
    execute: (work) => inPlace(options, work),
    fullLanes: options.lanes.full,
    reconcile: (work) => reconcile(options, work),
  };
}

/** Milliseconds until what found its lane full is looked at again; claims leave the lane out meanwhile. */
const placeAgainIn = 250;

async function inPlace(options: ActionExecutorOptions, work: Work): Promise<Outcome> {
  const { connector, watch } = options;
  const { key, lane } = work.dispatch;
  const admitted = watch.admit(connector.id);
  if (typeof admitted === 'number') return { outcome: 'deferred', delayMs: admitted, reason: 'connector_blocked' };
  const leave = options.lanes.enter({ tenant: key.tenant, lane });
  if (leave === null) {
    admitted();
    return { outcome: 'deferred', delayMs: placeAgainIn, reason: 'bulkhead' };
  }
  try {
    return await execute(options, work);
  } finally {
    leave();
    admitted();
  }
}

async function execute(options: ActionExecutorOptions, work: Work): Promise<Outcome> {
  const { connector, clock } = options;
  const { dispatch, key } = work;
  let session: GatewaySession | undefined;
  let secretVersion: number | undefined;
  let answered: string | undefined;
  try {
    return await within(options, work, async (signal, endsAt) => {
      const ready = await readyConnection(options, dispatch, connector.definition);
      if ('outcome' in ready) return ready;
      requireTurnedOn(ready.choices, { connector: connector.id, action: dispatch.operation });
      const values = connectorValues(connector.definition, ready.choices);
      await requireWithin(connector, dispatch, ready);
      secretVersion = ready.connection.value.secretVersion;
      session = sessionFor(options, work, { ready, signal, endsAt, key });
      options.watch.mark(connector.id, dispatch.operation);
      answered = degradedOf(actionOf(connector, dispatch)) === undefined ? undefined : answerName(dispatch, ready);
      const given = await connector.executeAction({ ...callOf(work, session, signal), ...values, action: dispatch.operation });
      return keepAnswer(options, answered, outcomeOfResult(given, session));
    });
  } catch (thrown) {
    const error = soundError(thrown);
    if (!session) return outcomeOfPreparing(error);
    const outcome = outcomeOfError(error, policyOf(options, dispatch).idempotency, {
      hasWritten: session.hasWritten(),
      mayHaveWritten: session.mayHaveWritten(),
      takenBack: work.signal.aborted || clock.monotonic() >= work.deadline,
      isHeldBack: session.isHeldBack(thrown),
    });
    const stored = isDown(error) ? lastAnswer(options, actionOf(connector, dispatch), answered) : undefined;
    if (stored !== undefined) return stored;
    const isRefused = isPatchbayError(error) && error.code === 'authentication_failed' && outcome.outcome === 'failed';
    if (!isRefused || secretVersion === undefined || outcome.retryable) return outcome;
    // The one who replaced the credential was faster than our look at it.
    await renewRefused(options, dispatch, secretVersion).catch(() => undefined);
    const { tenant } = dispatch.key;
    const refused = { tenant, connection: dispatch.connection ?? '', connector, used: secretVersion };
    await options.refused.lookAgain(refused).catch(() => undefined);
    const replaced = await isCredentialReplaced(options, dispatch, secretVersion).catch(() => false);
    return { ...outcome, retryable: replaced };
  }
}

/** What an action needs beside an active connection. Throws `scope_missing` and `resource_refused` before anything is sent. */
async function requireWithin(connector: Connector, dispatch: ClaimedDispatch, { connection }: ReadyConnection): Promise<void> {
  const call = namedCall(connector, dispatch);
  requireScopes(connector, call, connection.value);
  await requireResources(connector, call, connection.value);
}

/** Nobody may look at a resource that the connection has been kept from meanwhile: a person decides then. */
function refusalOf(error: unknown): string {
  if (isPatchbayError(error) && error.code === 'resource_refused') return error.message;
  throw error;
}

async function reconcile(options: ActionExecutorOptions, work: Work): Promise<Finding> {
  const { connector } = options;
  const { dispatch } = work;
  // A new round has a first send of its own, and what nobody knows may be older.
  const since = Math.min(dispatch.firstSentAt ?? dispatch.storeNow, dispatch.unknownSince ?? dispatch.createdAt);
  return within(options, work, async (signal, endsAt): Promise<Finding> => {
    const ready = await readyConnection(options, dispatch, connector.definition);
    if ('outcome' in ready && ready.outcome === 'held') return { answer: 'cannot_tell' as const, reason: ready.error.message };
    if ('outcome' in ready) return notNow(ready);
    const refusal = await requireResources(connector, namedCall(connector, dispatch), ready.connection.value).catch(refusalOf);
    if (refusal) return { answer: 'cannot_tell' as const, reason: refusal };
    const values = connectorValues(connector.definition, ready.choices);
    // A look only reads: no key is handed on, and none could be used up.
    const session = sessionFor(options, work, { ready, signal, endsAt, key: null });
    try {
      return soundFinding(
        await connector.reconcileAction({ ...callOf(work, session, signal), ...values, action: dispatch.operation, since }),
      );
    } catch (error) {
      if (isPatchbayError(error) && session.isHeldBack(error)) return notNow(heldBack(error));
      throw soundError(error);
    }
  });
}

/** A look that was not made has learned nothing, and uses no attempt. */
function notNow(outcome: Outcome): Finding {
  if (outcome.outcome === 'deferred') return { answer: 'not_now', delayMs: outcome.delayMs, reason: outcome.reason };
  throw new PatchbayError({ code: 'not_ready', message: 'The connection is not active, so nobody could look whether it has happened.' });
}

function within<Result>(
  options: ActionExecutorOptions,
  work: Work,
  call: (signal: AbortSignal, endsAt: number) => Promise<Result>,
): Promise<Result> {
  const { clock, connector } = options;
  const { timeoutMs = policyOf(options, work.dispatch).timeoutMs } = work;
  const what = `${connector.id}.${work.dispatch.operation}`;
  const endsAt = clock.monotonic() + timeoutMs;
  return runWithin({ clock, timeoutMs, signal: work.signal, what, deadline: () => work.deadline }, (signal) => call(signal, endsAt));
}

function callOf({ dispatch, key }: Work, session: GatewaySession, signal: AbortSignal) {
  return { input: inputOf(dispatch), key, signal, http: session.http, settings: session.settings };
}

function inputOf({ input }: ClaimedDispatch): Json {
  // Rendered by the planner as JSON text.
  return input === null ? {} : (JSON.parse(input) as Json);
}

function namedCall(connector: Connector, dispatch: ClaimedDispatch) {
  return { name: dispatch.operation, definition: actionOf(connector, dispatch), input: inputOf(dispatch) };
}

interface SessionParts {
  readonly ready: ReadyConnection;
  readonly signal: AbortSignal;
  readonly endsAt: number;
  readonly key: IdempotencyKey | null;
}

function sessionFor(options: ActionExecutorOptions, work: Work, { ready, endsAt, ...given }: SessionParts): GatewaySession {
  const { gateway, connector } = options;
  const { tenant } = work.dispatch.key;
  return openSession(gateway, {
    ...given,
    ...ready,
    tenant,
    definition: connector.definition,
    author: 'connector',
    operation: work.dispatch.operation,
    idempotency: policyOf(options, work.dispatch).idempotency,
    dispatch: work.dispatch.key,
    attempt: work.attempt,
    deadline: () => work.deadline,
    endsAt: () => endsAt,
  });
}

function policyOf({ connector, figures, backoffMs }: ActionExecutorOptions, dispatch: ClaimedDispatch): ExecutionPolicy {
  return actionPolicy(actionOf(connector, dispatch), { figures, onUnknown: dispatch.onUnknown, backoffMs });
}

function actionOf(connector: Connector, dispatch: Pick<ClaimedDispatch, 'operation'>): ActionDefinition | undefined {
  return Object.hasOwn(connector.actions, dispatch.operation) ? connector.actions[dispatch.operation] : undefined;
}
