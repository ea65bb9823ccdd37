import type { RunRecord, RunStatus } from '../contracts/dispatch-records.ts';
import { firstIdAt } from '../id/id-time.ts';
import { automationRow } from './automation-view.ts';
import { type ClosedWindow, closedWindow, type EventWindow } from './recent-events.ts';
import type { TenantScope } from './tenant-services.ts';

/** Over which time. */
export interface AutomationAnalyticsRequest extends EventWindow {
  /** Most runs that are read, and most dead dispatches, the newest ones, 1 to 10,000. @default 1,000 */
  readonly limit?: number;
}

/** How an automation has done. Runs count with the time at which their event was made, replays as well. */
export interface AutomationAnalytics {
  readonly automation: string;
  readonly runs: Readonly<Record<RunStatus, number>>;
  /** From the begin to the end of runs that have succeeded or failed, milliseconds; `null` where there is none. */
  readonly durationMs: { readonly p50: number | null; readonly p95: number | null };
  /** Failed runs by the code of their error, most first. */
  readonly errors: readonly { readonly code: string; readonly count: number }[];
  /** Dead dispatches by their step (`rows[]/row` for every item of a loop) and the code of their last error, most first. */
  readonly failures: readonly { readonly step: string; readonly code: string; readonly count: number }[];
  /** There are more than were read. */
  readonly cut: boolean;
}

/** Rows that are read at once. */
const pageSize = 200;

/** Reads how an automation has done from its history. */
export async function automationAnalytics(
  scope: TenantScope,
  reference: string,
  request: AutomationAnalyticsRequest,
): Promise<AutomationAnalytics> {
  const { id } = await automationRow(scope, reference);
  const window = await closedWindow(scope, request, { limit: 1_000, most: 10_000 });
  const runs: Record<RunStatus, number> = { running: 0, succeeded: 0, failed: 0, cancelled: 0 };
  const durations: number[] = [];
  const errors = new Map<string, number>();
  const ofRuns = await eachRun(scope, id, window, ({ status, startedAt, finishedAt, error }) => {
    runs[status] += 1;
    if (finishedAt !== null && status !== 'cancelled') durations.push(finishedAt - startedAt);
    if (status === 'failed') count(errors, error?.code ?? 'unknown');
  });
  const { failures, cut } = await failuresOf(scope, id, window);
  durations.sort((one, other) => one - other);
  return {
    automation: id,
    runs,
    durationMs: { p50: percentile(durations, 0.5), p95: percentile(durations, 0.95) },
    errors: mostFirst(errors).map(([code, times]) => ({ code, count: times })),
    failures,
    cut: cut || ofRuns.cut,
  };
}

/** Runs are in order of their events, newest first, so what is older than the window ends the reading. */
async function eachRun(
  { tenant, storage }: TenantScope,
  automation: string,
  { from, to, limit }: ClosedWindow,
  take: (run: RunRecord) => void,
): Promise<{ readonly cut: boolean }> {
  const [first, end] = [firstIdAt(from), firstIdAt(to)];
  let read = 0;
  for (let cursor: string | null = null; ; ) {
    const page = await storage.history.runs(tenant, { automation }, { cursor, limit: pageSize });
    for (const run of page.items) {
      if (run.key.root < first) return { cut: false };
      if (read === limit) return { cut: true };
      read += 1;
      if (run.key.root < end) take(run);
    }
    cursor = page.cursor;
    if (cursor === null) return { cut: false };
  }
}

async function failuresOf(
  { tenant, storage }: TenantScope,
  automation: string,
  { from, to, limit }: ClosedWindow,
): Promise<Pick<AutomationAnalytics, 'failures' | 'cut'>> {
  const filter = { target: `automation:${automation}`, status: 'dead', from: firstIdAt(from), below: firstIdAt(to) } as const;
  const counts = new Map<string, number>();
  let read = 0;
  for (let cursor: string | null = null; ; ) {
    const page = await storage.history.dispatches(tenant, filter, { cursor, limit: Math.min(pageSize, limit - read) });
    // No code holds a space.
    for (const { key, error } of page.items) count(counts, `${error?.code ?? 'unknown'} ${key.path.replaceAll(/\[\d+\]/g, '[]')}`);
    read += page.items.length;
    cursor = page.cursor;
    if (cursor !== null && read < limit) continue;
    const failures = mostFirst(counts).map(([name, times]) => {
      const space = name.indexOf(' ');
      return { step: name.slice(space + 1), code: name.slice(0, space), count: times };
    });
    return { failures, cut: cursor !== null };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function mostFirst(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** The least of the sorted values that so large a part of them does not exceed. */
function percentile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}
