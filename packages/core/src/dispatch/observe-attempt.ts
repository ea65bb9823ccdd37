import { formatDispatchId, runIdOf } from '../contracts/dispatch-id.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Metering } from '../telemetry/metering.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { OpenSpan } from '../telemetry/tracing.ts';
import type { Resolution } from './resolution.ts';

/** An attempt that somebody watches. */
export interface ObservedAttempt {
  within<Result>(run: () => Result): Result;
  /** `null`: the lease is lost, and nobody knows here what it came to. */
  ended(resolution: Resolution | null, durationMs: number): void;
}

const messaging = { 'messaging.system': 'patchbay', 'messaging.operation.name': 'execute' } as const;

/** Begins the span of an attempt, and measures it when it ends. `null` where nobody wants to know. */
export function observeAttempt(telemetry: Telemetry | undefined, dispatch: ClaimedDispatch): ObservedAttempt | null {
  const { tracing = null, metering = null } = telemetry ?? {};
  if (!tracing && !metering) return null;
  const span = tracing?.begin({
    name: `execute ${dispatch.handler}`,
    kind: 'consumer',
    root: dispatch.key.root,
    attributes: {
      ...messaging,
      'messaging.operation.type': 'process',
      'messaging.destination.name': dispatch.handler,
      'messaging.message.id': formatDispatchId(dispatch.key),
      'patchbay.tenant': dispatch.key.tenant,
      'patchbay.connection': dispatch.connection ?? undefined,
      'patchbay.run': runIdOf(dispatch.key) ?? undefined,
      'patchbay.attempt': dispatch.lastAttempt + 1,
      ...namesOf(dispatch),
    },
  });
  return {
    within: (run) => (span ? span.within(run) : run()),
    ended(resolution, durationMs) {
      const end = endOf(resolution);
      if (span) endSpan(span, end);
      if (metering) measure(metering, dispatch, { ...end, durationMs });
    },
  };
}

interface End {
  readonly outcome: string;
  readonly code: string | undefined;
}

function endOf(resolution: Resolution | null): End {
  if (resolution === null) return { outcome: 'fenced', code: undefined };
  if (resolution.write === 'defer') return { outcome: 'deferred', code: undefined };
  return { outcome: resolution.outcome, code: resolution.error?.code };
}

function endSpan(span: OpenSpan, { outcome, code }: End): void {
  span.set({ 'patchbay.outcome': outcome });
  if (code !== undefined) span.fail(code);
  span.end();
}

function measure(
  metering: Metering,
  dispatch: ClaimedDispatch,
  { outcome, code, durationMs }: End & { readonly durationMs: number },
): void {
  const { handler, key, storeNow, dueAt } = dispatch;
  metering.record(
    'messaging.process.duration',
    durationMs / 1_000,
    { ...messaging, 'messaging.destination.name': handler, ...namesOf(dispatch), 'patchbay.outcome': outcome, 'error.type': code },
    key.tenant,
  );
  metering.record('patchbay.dispatch.wait', Math.max(0, storeNow - dueAt) / 1_000, { 'messaging.destination.name': handler }, key.tenant);
}

/** `github` of `action:github@1`, `email` of `built-in:email.send`. */
const ofAction = /^action:([^@]+)@|^built-in:([a-z]+)\./;

/** What the host and its connectors call it. A subscriber's name is its handler's. */
function namesOf({ handler, operation, run }: ClaimedDispatch) {
  const [, of, builtIn] = ofAction.exec(handler) ?? [];
  const connector = of ?? builtIn;
  return {
    ...(connector === undefined ? {} : { 'patchbay.connector': connector, 'patchbay.operation': operation }),
    ...(run === null ? {} : { 'patchbay.automation': run.automationName }),
  };
}
