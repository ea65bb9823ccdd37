import { decodeRunState } from '../automation/run-state.ts';
import { formatDispatchId, formatRunId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord, RunRecord } from '../contracts/dispatch-records.ts';
import { replayKeyOf } from '../routing/subscriber-dispatch.ts';
import type { ReplayResult } from './replay-result.ts';
import type { TenantScope } from './tenant-services.ts';

/** What an event has had at one target so far. */
export interface PastTarget {
  /** Highest replay number; 0 is the first time. */
  lastReplay: number;
  /** It has succeeded, or is under way. */
  isSettled: boolean;
  /** Ids of runs, or of dispatches of subscribers, by the host's key of the replay that started them. */
  readonly startedBy: Map<string, string>;
}

/** Targets of an event by name, `automation:{id}` and `subscriber:{name}`. */
export type PastTargets = ReadonlyMap<string, PastTarget>;

/** Everything that an event has had at its targets. */
export async function pastTargets(scope: TenantScope, root: string): Promise<PastTargets> {
  const targets = new Map<string, PastTarget>();
  await forEachRun(scope, root, (run) => {
    const { key, status } = run;
    note(targets, {
      name: `automation:${key.automation}`,
      replay: key.replay,
      isSettled: status === 'succeeded' || status === 'running',
      replayKey: decodeRunState(run.state).replayKey,
      id: formatRunId(key),
    });
  });
  await forEachDispatch(scope, root, ({ key, status, input }) => {
    if (!key.target.startsWith('subscriber:')) return;
    note(targets, {
      name: key.target,
      replay: key.replay,
      // One that is held may have happened, and waits for a person.
      isSettled: status !== 'dead' && status !== 'cancelled',
      replayKey: replayKeyOf(input),
      id: formatDispatchId(key),
    });
  });
  return targets;
}

/** What the replay with this key started, or `null` where there was none that started anything. */
export function startedBy(past: PastTargets, replayKey: string): ReplayResult | null {
  const started = [...past].flatMap(([name, target]) => {
    const id = target.startedBy.get(replayKey);
    return id === undefined ? [] : [{ isRun: name.startsWith('automation:'), id }];
  });
  if (started.length === 0) return null;
  const ids = (runs: boolean): readonly string[] => started.filter(({ isRun }) => isRun === runs).map(({ id }) => id);
  return { runIds: ids(true), dispatchIds: ids(false) };
}

interface Noted {
  readonly name: string;
  readonly replay: number;
  readonly isSettled: boolean;
  readonly replayKey: string | null;
  readonly id: string;
}

function note(targets: Map<string, PastTarget>, { name, replay, isSettled, replayKey, id }: Noted): void {
  const target = targets.get(name) ?? { lastReplay: 0, isSettled: false, startedBy: new Map<string, string>() };
  target.lastReplay = Math.max(target.lastReplay, replay);
  target.isSettled ||= isSettled;
  if (replayKey !== null) target.startedBy.set(replayKey, id);
  targets.set(name, target);
}

async function forEachRun({ tenant, storage }: TenantScope, root: string, take: (run: RunRecord) => void): Promise<void> {
  const { history } = storage;
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof history.runs>> = await history.runs(tenant, { root }, { cursor, limit: 500 });
    page.items.forEach(take);
    cursor = page.cursor;
    if (cursor === null) return;
  }
}

async function forEachDispatch({ tenant, storage }: TenantScope, root: string, take: (dispatch: DispatchRecord) => void): Promise<void> {
  const { history } = storage;
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof history.dispatches>> = await history.dispatches(tenant, { root }, { cursor, limit: 500 });
    page.items.forEach(take);
    cursor = page.cursor;
    if (cursor === null) return;
  }
}
