import type { Clock } from '../clock/clock.ts';
import { builtInOf } from '../connector/built-in-action.ts';
import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Notify } from '../notices/notices.ts';
import { giveEndOfTries } from './give-end-of-tries.ts';
import type { Resolution } from './resolution.ts';

/** How the target of a delivery begins. */
const ofEndpoint = 'endpoint:';

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
  if (key.target.startsWith(ofEndpoint)) {
    const delivery = { ...common, endpointId: key.target.slice(ofEndpoint.length), eventId: key.root, attempt, durationMs };
    if (error) notify('endpoint.failed', { ...delivery, error });
    else notify('endpoint.delivered', delivery);
  } else if (handler.startsWith('subscriber:'))
    notify('subscriber.called', { ...common, subscriber: operation, attempt, result, error, durationMs });
  else if (connection !== null || builtInOf(handler) !== undefined) {
    const actionId = builtInOf(handler) ?? operation;
    notify('action.executed', { ...common, connectionId: connection, actionId, attempt, result, error, durationMs });
  }
  if (settlement.to === 'pending' && retryInMs !== null && error)
    notify('dispatch.retrying', { ...common, attempt, delayMs: retryInMs, error });
  if ((settlement.to === 'dead' || settlement.to === 'held') && error)
    giveEndOfTries({ notify, clock }, { dispatch, to: settlement.to, attempts: dispatch.attempts + 1, error });
}
