import type { Clock } from '../clock/clock.ts';
import { formatDispatchId, runIdOf } from '../contracts/dispatch-id.ts';
import type { DispatchRecord } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import type { Notify } from '../notices/notices.ts';

/** What ends the tries at a dispatch. */
export interface EndOfTries {
  readonly dispatch: Pick<DispatchRecord, 'key' | 'handler' | 'operation' | 'connection'>;
  readonly to: 'dead' | 'held';
  /** Recorded outcomes of the round. */
  readonly attempts: number;
  readonly error: ErrorRecord;
}

/** Tells observers that a dispatch is dead, or held for a person. */
export function giveEndOfTries(
  { notify, clock }: { readonly notify: Notify; readonly clock: Pick<Clock, 'now'> },
  { dispatch, to, attempts, error }: EndOfTries,
): void {
  const { key, handler, operation, connection: connectionId } = dispatch;
  const ids = { tenant: key.tenant, dispatchId: formatDispatchId(key), eventId: key.root, runId: runIdOf(key), connectionId };
  notify(`dispatch.${to}`, { ...ids, handler, operation, attempts, error, at: clock.now() });
}
