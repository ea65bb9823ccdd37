import type { Clock } from '../clock/clock.ts';
import { formatDispatchId, formatRunId } from '../contracts/dispatch-id.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { RunChange } from '../contracts/hot-store.ts';
import type { Notify } from '../notices/notices.ts';
import type { Resolution } from './resolution.ts';

/** Tells observers what a try came to. */
export function giveNotice(
  notify: Notify,
  clock: Pick<Clock, 'now'>,
  dispatch: ClaimedDispatch,
  resolution: Extract<Resolution, { write: 'settle' }>,
  durationMs: number,
): void {
  const { handler, operation, connection, key, lastAttempt } = dispatch;
  const dispatchId = formatDispatchId(key);
  const attempt = lastAttempt + 1;
  const { outcome: result, error, settlement, retryInMs } = resolution;
  const common = { tenant: key.tenant, dispatchId, at: clock.now() };
  if (handler.startsWith('subscriber:'))
    notify('subscriber.called', { ...common, subscriber: operation, attempt, result, error, durationMs });
  else if (connection !== null)
    notify('action.executed', { ...common, connectionId: connection, actionId: operation, attempt, result, error, durationMs });
  if (settlement.to === 'pending' && retryInMs !== null && error)
    notify('dispatch.retrying', { ...common, attempt, delayMs: retryInMs, error });
  if (settlement.to === 'dead' && error) notify('dispatch.dead', { ...common, handler, attempts: dispatch.attempts + 1, error });
  if (settlement.to === 'held' && error) notify('dispatch.held', { ...common, handler, error });
}

/** Tells observers that a run has ended, where it has. */
export function giveRunNotice(notify: Notify, clock: Pick<Clock, 'now'>, change: Pick<RunChange, 'key' | 'status'> | null): void {
  if (change === null || change.status === 'running') return;
  const { key, status } = change;
  notify('run.finished', { tenant: key.tenant, runId: formatRunId(key), automation: key.automation, status, at: clock.now() });
}
