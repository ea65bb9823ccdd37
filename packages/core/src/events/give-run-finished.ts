import type { Clock } from '../clock/clock.ts';
import { formatRunId } from '../contracts/dispatch-id.ts';
import type { RunKey, RunStatus } from '../contracts/dispatch-records.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import type { Notify } from '../notices/notices.ts';

/** Who is told that a run has ended. */
export interface RunObserver {
  readonly notify: Notify;
  readonly clock: Pick<Clock, 'now'>;
}

/** Tells observers that a run has ended, where it has. */
export function giveRunFinished(
  { notify, clock }: RunObserver,
  run: { readonly key: RunKey; readonly status: RunStatus; readonly error?: ErrorRecord | null } | null,
): void {
  if (run === null || run.status === 'running') return;
  const { key, status, error = null } = run;
  const { tenant, root: eventId, automation } = key;
  notify('run.finished', { tenant, runId: formatRunId(key), eventId, automation, status, error, at: clock.now() });
}
