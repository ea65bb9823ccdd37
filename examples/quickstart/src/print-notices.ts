import type { Connector, Hub, Notices, TenantHandle } from '@patchbay/core';
import { formatDuration, type LinePrinter, shorten } from './line-printer.ts';

type Tenant = Pick<TenantHandle<Connector, Record<never, never>>, 'events' | 'runs' | 'dispatches'>;

/** Prints what a hub gives notice of, a line each, in the order in which it happens. Notices hold ids; the tenant is asked for the rest. */
export function printNotices(hub: Pick<Hub, 'on'>, tenant: Tenant, printer: LinePrinter): void {
  hub.on('event.published', ({ eventId, type }) => {
    printer.line('event', async () => `${type} · ${(await tenant.events.get(eventId)).event.subject} · ${shorten(eventId)}`);
    printer.follow(() => verdictOn(tenant, eventId));
  });
  hub.on('webhook.received', ({ duplicate, eventId }) => {
    if (duplicate) printer.line('duplicate', () => `of event ${shorten(eventId)}, so nothing more happens`);
  });
  hub.on('webhook.failed', ({ error, reason }) => printer.line('refused', () => reason ?? error.code));
  hub.on('action.executed', (notice) => printer.line(notice.result === 'succeeded' ? 'step' : 'failed', () => attemptOf(tenant, notice)));
  hub.on('run.finished', ({ runId }) => printer.line('done', () => runOf(tenant, runId)));
}

async function verdictOn(tenant: Tenant, eventId: string): Promise<readonly [string, string] | null> {
  const [verdict] = (await tenant.events.explain(eventId)).automations;
  return verdict ? [verdict.matched ? 'run' : 'no run', `${verdict.name} v${verdict.version}, because ${verdict.reason}`] : null;
}

async function attemptOf(tenant: Tenant, notice: Notices['action.executed']): Promise<string> {
  const { path, handler, operation, attempts, input, output } = await tenant.dispatches.get(notice.dispatchId);
  const connector = handler.replace(/^action:(.+)@.*$/, '$1');
  const attempt = attempts.find(({ number }) => number === notice.attempt);
  const { error, retryInMs = null } = attempt ?? {};
  const result = error ? [`${error.status ?? ''} ${error.code}`.trim()] : [memberOf(output, 'key') ?? `"${memberOf(input, 'text')}"`];
  const next = retryInMs === null ? [] : [`again in ${formatDuration(retryInMs)}`];
  const what = `${path.padEnd(6)}  ${`${connector}.${operation}`.padEnd(18)}`;
  return [`${what}  attempt ${notice.attempt}`, formatDuration(notice.durationMs), ...result, ...next].join(' · ');
}

async function runOf(tenant: Tenant, runId: string): Promise<string> {
  const { automationName, status, startedAt, finishedAt, steps } = await tenant.runs.get(runId);
  const attempts = steps.reduce((total, step) => total + step.attempts.length, 0);
  const took = formatDuration((finishedAt ?? startedAt) - startedAt);
  return `${automationName} ${status} · ${steps.length} steps · ${attempts} attempts · ${took}`;
}

function memberOf(value: unknown, name: string): string | undefined {
  const member = typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
  return typeof member === 'string' ? member : undefined;
}
