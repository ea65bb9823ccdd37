import { runWithin } from '../bounds/run-within.ts';
import type { ActionDefinition } from '../connector/action-definition.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { ActionResult } from '../connector/iconnector.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { ExecutionPolicy, Executor, Finding, Outcome, Work } from '../contracts/executor.ts';
import type { IdempotencyKey, Reconciliation } from '../contracts/idempotency.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import { type GatewaySession, openSession } from '../gateway/open-session.ts';
import { requireResources } from '../gateway/require-resources.ts';
import { requireScopes } from '../gateway/require-scopes.ts';
import { isLongerThan } from '../json/is-longer-than.ts';
import type { Json } from '../json/json.ts';
import { actionPolicy, type RetryFigures } from './action-policy.ts';
import { outcomeOfError, outcomeOfPreparing } from './outcome-of-error.ts';
import {
  isCredentialReplaced,
  type ReadyConnection,
  type ReadyConnectionOptions,
  readyConnection,
  renewRefused,
} from './ready-connection.ts';

/** What the executor of a connector's actions needs. */
export interface ActionExecutorOptions extends ReadyConnectionOptions {
  readonly handler: string;
  readonly connector: Connector;
  readonly gateway: GatewayOptions;
  readonly clock: GatewayOptions['clock'];
  readonly figures: RetryFigures;
  readonly backoffMs: (attempts: number, random: number) => number;
}

/** Executes the actions of one connector version through the gateway. */
export function createActionExecutor(options: ActionExecutorOptions): Executor {
  return {
    handler: options.handler,
    policy: (dispatch) => policyOf(options, dispatch),
    execute: (work) => execute(options, work),
    reconcile: (work) => reconcile(options, work),
  };
}

async function execute(options: ActionExecutorOptions, work: Work): Promise<Outcome> {
  const { connector, clock } = options;
  const { dispatch, key } = work;
  let session: GatewaySession | undefined;
  let secretVersion: number | undefined;
  try {
    return await within(options, work, async (signal, endsAt) => {
      const ready = await readyConnection(options, dispatch, connector.id);
      if ('outcome' in ready) return ready;
      await requireWithin(connector, dispatch, ready);
      secretVersion = ready.connection.value.secretVersion;
      session = sessionFor(options, work, { ready, signal, endsAt, key });
      return succeeded(await connector.executeAction({ ...callOf(work, session, signal), action: dispatch.operation }), session);
    });
  } catch (error) {
    if (!session) return outcomeOfPreparing(error);
    const outcome = outcomeOfError(error, policyOf(options, dispatch).idempotency, {
      hasWritten: session.hasWritten(),
      mayHaveWritten: session.mayHaveWritten(),
      takenBack: work.signal.aborted || clock.monotonic() >= work.deadline,
    });
    const isRefused = isPatchbayError(error) && error.code === 'authentication_failed' && outcome.outcome === 'failed';
    if (!isRefused || secretVersion === undefined || outcome.retryable) return outcome;
    // The one who replaced the credential was faster than our look at it.
    await renewRefused(options, dispatch, secretVersion).catch(() => undefined);
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

/** A warning as text. What a connector gives may be anything, and must not undo what has happened. */
const textOf = (warning: unknown): string =>
  Object(warning) === warning ? 'The connector warned with something that is no text.' : String(warning).slice(0, most.characters);

/** Longest list of warnings and longest warning that are kept. */
const most = { warnings: 20, characters: 500 };

/** Longest output that is kept, in bytes of its JSON text: it is stored twice, and each later step of its run carries it along. */
const longestOutput = 1_048_576;

const outputNotKept = 'The output was larger than 1 MiB and was not kept; later steps read null. Ask the service for less.';

/** It has happened, whatever it answered: an output that is too long to be kept is told of, and does not make it fail. */
function succeeded(result: ActionResult, session: GatewaySession): Outcome {
  const requestId = result.providerRequestId ?? session.requestId();
  const text = JSON.stringify(result.output) ?? null;
  const isKept = text === null || !isLongerThan(text, longestOutput);
  const given = Array.isArray(result.warnings) ? result.warnings : [];
  const warnings = (isKept ? given : [outputNotKept, ...given]).slice(0, most.warnings);
  return {
    outcome: 'succeeded',
    output: isKept ? text : null,
    ...(typeof requestId === 'string' ? { providerRequestId: requestId.slice(0, most.characters) } : {}),
    ...(warnings.length > 0 ? { warnings: warnings.map(textOf) } : {}),
  };
}

async function reconcile(options: ActionExecutorOptions, work: Work): Promise<Finding> {
  const { connector } = options;
  const { dispatch } = work;
  // A new round has a first send of its own, and what nobody knows may be older.
  const since = Math.min(dispatch.firstSentAt ?? dispatch.storeNow, dispatch.unknownSince ?? dispatch.createdAt);
  const finding = await within(options, work, async (signal, endsAt) => {
    const ready = await readyConnection(options, dispatch, connector.id);
    if ('outcome' in ready) throw notReady();
    const refusal = await requireResources(connector, namedCall(connector, dispatch), ready.connection.value).catch(refusalOf);
    if (refusal) return { answer: 'cannot_tell' as const, reason: refusal };
    // A look only reads: no key is handed on, and none could be used up.
    const session = sessionFor(options, work, { ready, signal, endsAt, key: null });
    return connector.reconcileAction({ ...callOf(work, session, signal), action: dispatch.operation, since });
  });
  return soundFinding(finding);
}

/** Whatever is none of the three answers is no word that nothing happened. */
function soundFinding(finding: Reconciliation<Json>): Finding {
  switch (finding?.answer) {
    case 'found':
      return { answer: 'found', output: JSON.stringify(finding.output) ?? null };
    case 'absent':
      return { answer: 'absent' };
    default:
      return {
        answer: 'cannot_tell',
        ...(typeof finding?.reason === 'string' ? { reason: finding.reason.slice(0, most.characters) } : {}),
      };
  }
}

function notReady(): PatchbayError {
  return new PatchbayError({ code: 'not_ready', message: 'The connection is not active, so nobody could look whether it has happened.' });
}

function within<Result>(
  options: ActionExecutorOptions,
  work: Work,
  call: (signal: AbortSignal, endsAt: number) => Promise<Result>,
): Promise<Result> {
  const { clock, connector } = options;
  const { timeoutMs } = policyOf(options, work.dispatch);
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

function sessionFor({ gateway, connector }: ActionExecutorOptions, work: Work, { ready, endsAt, ...given }: SessionParts): GatewaySession {
  const { tenant } = work.dispatch.key;
  return openSession(gateway, {
    ...given,
    ...ready,
    tenant,
    definition: connector.definition,
    author: 'connector',
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
