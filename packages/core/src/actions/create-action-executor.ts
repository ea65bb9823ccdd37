import type { Clock } from '../clock/clock.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { CredentialVault } from '../connections/credential-vault.ts';
import type { ActionDefinition } from '../connector/action-definition.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Executor, Finding, Outcome, Work } from '../contracts/executor.ts';
import type { IdempotencyKey } from '../contracts/idempotency.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import { type GatewaySession, openSession } from '../gateway/open-session.ts';
import type { Json } from '../json/json.ts';
import { actionPolicy, type RetryFigures } from './action-policy.ts';
import { outcomeOfError } from './outcome-of-error.ts';
import { runWithin } from './run-within.ts';

/** What the executor of a connector's actions needs. */
export interface ActionExecutorOptions {
  readonly handler: string;
  readonly connector: Connector;
  readonly cache: ConfigurationCache;
  readonly vault: CredentialVault;
  readonly gateway: GatewayOptions;
  readonly clock: Clock;
  readonly figures: RetryFigures;
  readonly backoffMs: (attempts: number, random: number) => number;
}

/** Executes the actions of one connector version through the gateway. */
export function createActionExecutor(options: ActionExecutorOptions): Executor {
  const { handler, connector, figures, backoffMs } = options;
  return {
    handler,
    policy: (dispatch) => actionPolicy(actionOf(connector, dispatch), { figures, onUnknown: dispatch.onUnknown, backoffMs }),
    execute: (work) => execute(options, work),
    reconcile: (work) => reconcile(options, work),
  };
}

async function execute(options: ActionExecutorOptions, work: Work): Promise<Outcome> {
  const { connector } = options;
  const { dispatch } = work;
  const idempotency = actionOf(connector, dispatch)?.idempotency ?? 'unsafe';
  let session: GatewaySession | undefined;
  try {
    const result = await within(options, work, async (signal) => {
      session = await sessionFor(options, work, signal, work.key);
      return connector.executeAction({ ...callOf(work, session, signal), action: dispatch.operation });
    });
    const requestId = result.providerRequestId ?? session?.requestId();
    return {
      outcome: 'succeeded',
      output: JSON.stringify(result.output) ?? null,
      ...(requestId === undefined ? {} : { providerRequestId: requestId }),
      ...(result.warnings ? { warnings: result.warnings } : {}),
    };
  } catch (error) {
    return outcomeOfError(error, idempotency, {
      hasWritten: session?.hasWritten() ?? false,
      mayHaveWritten: session?.mayHaveWritten() ?? false,
    });
  }
}

async function reconcile(options: ActionExecutorOptions, work: Work): Promise<Finding> {
  const { dispatch } = work;
  const since = dispatch.firstSentAt ?? dispatch.unknownSince ?? dispatch.createdAt;
  const finding = await within(options, work, async (signal) => {
    // A look only reads: no key is handed on, and none could be used up.
    const session = await sessionFor(options, work, signal, null);
    return options.connector.reconcileAction({ ...callOf(work, session, signal), action: dispatch.operation, since });
  });
  return finding.answer === 'found' ? { answer: 'found', output: JSON.stringify(finding.output) ?? null } : finding;
}

function within<Result>(options: ActionExecutorOptions, work: Work, call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const { dispatch } = work;
  const policy = actionPolicy(actionOf(options.connector, dispatch), {
    figures: options.figures,
    onUnknown: dispatch.onUnknown,
    backoffMs: options.backoffMs,
  });
  const what = `${options.connector.id}.${dispatch.operation}`;
  return runWithin({ clock: options.clock, timeoutMs: policy.timeoutMs, signal: work.signal, what }, call);
}

function callOf(work: Work, session: GatewaySession, signal: AbortSignal) {
  const { dispatch, key } = work;
  // Rendered by the planner as JSON text.
  const input: Json = dispatch.input === null ? {} : (JSON.parse(dispatch.input) as Json);
  return { input, key, signal, http: session.http, settings: session.settings };
}

async function sessionFor(
  options: ActionExecutorOptions,
  work: Work,
  signal: AbortSignal,
  key: IdempotencyKey | null,
): Promise<GatewaySession> {
  const { cache, vault, gateway, connector } = options;
  const { tenant } = work.dispatch.key;
  const id = work.dispatch.connection ?? '';
  const configuration = cache.peek(tenant) ?? (await cache.read(tenant));
  const connection = configuration.connection(id);
  const credential = configuration.credential(id);
  if (!connection || !credential || connection.value.status !== 'active') {
    throw new PatchbayError({
      code: 'credential_missing',
      message: 'The connection is not active, so nothing was sent. Connect the account again and retry.',
      sent: 'no',
    });
  }
  const opened = await vault.open(tenant, credential);
  return openSession(gateway, {
    tenant,
    connection,
    definition: connector.definition,
    credential: opened,
    signal,
    deadline: () => work.deadline,
    key,
  });
}

function actionOf(connector: Connector, dispatch: Pick<ClaimedDispatch, 'operation'>): ActionDefinition | undefined {
  return Object.hasOwn(connector.actions, dispatch.operation) ? connector.actions[dispatch.operation] : undefined;
}
