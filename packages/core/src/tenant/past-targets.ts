import { decodeRunState, type ReplayMark } from '../automation/run-state.ts';
import { formatDispatchId, formatRunId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord, RunRecord } from '../contracts/dispatch-records.ts';
import { replayMarkOf } from '../routing/subscriber-dispatch.ts';
import type { ReplayResult } from './replay-result.ts';
import type { TenantScope } from './tenant-services.ts';

/** What an event has had at one target so far. */
export interface PastTarget {
  /** Highest replay number; 0 is the first time. */
  lastReplay: number;
  /** It has succeeded, or is under way. */
  isSettled: boolean;
  /** What replays with a key of the host's have started there, by that key. */
  readonly startedBy: Map<string, StartedThere>;
}

/** What a replay started at one target. */
export interface StartedThere {
  /** Of the run, or of the dispatch of a subscriber or an endpoint. */
  readonly id: string;
  readonly replay: number;
  /** How many targets that replay is of, where they were stored in more than one step. */
  readonly targets: number | undefined;
}

/** Targets of an event by name, `automation:{id}`, `subscriber:{name}` and `endpoint:{id}`. */
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
      mark: decodeRunState(run.state),
      id: formatRunId(key),
    });
  });
  await forEachDispatch(scope, root, ({ key, status, input }) => {
    if (!key.target.startsWith('subscriber:') && !key.target.startsWith('endpoint:')) return;
    note(targets, {
      name: key.target,
      replay: key.replay,
      // One that is held may have happened, and waits for a person.
      isSettled: status !== 'dead' && status !== 'cancelled',
      mark: replayMarkOf(input),
      id: formatDispatchId(key),
    });
  });
  return targets;
}

/** A replay with a key, as far as it has been stored. */
export interface EarlierReplay {
  readonly result: ReplayResult;
  /** Names of its targets. */
  readonly targets: readonly string[];
  readonly replay: number;
  /** How many targets it is of; more than there are where it was interrupted. */
  readonly size: number;
}

/** What the replay with this key started, or `null` where there was none that started anything. */
export function startedBy(past: PastTargets, replayKey: string): EarlierReplay | null {
  const found = [...past].flatMap(([name, target]) => {
    const started = target.startedBy.get(replayKey);
    return started === undefined ? [] : [{ name, ...started }];
  });
  const [first] = found;
  if (first === undefined) return null;
  const ids = (isRun: boolean): readonly string[] =>
    found.filter(({ name }) => name.startsWith('automation:') === isRun).map(({ id }) => id);
  return {
    result: { runIds: ids(true), dispatchIds: ids(false) },
    targets: found.map(({ name }) => name),
    replay: first.replay,
    size: first.targets ?? found.length,
  };
}

interface Noted {
  readonly name: string;
  readonly replay: number;
  readonly isSettled: boolean;
  readonly mark: ReplayMark;
  readonly id: string;
}

function note(targets: Map<string, PastTarget>, { name, replay, isSettled, mark, id }: Noted): void {
  const target = targets.get(name) ?? { lastReplay: 0, isSettled: false, startedBy: new Map<string, StartedThere>() };
  target.lastReplay = Math.max(target.lastReplay, replay);
  target.isSettled ||= isSettled;
  if (mark.replayKey !== null) target.startedBy.set(mark.replayKey, { id, replay, targets: mark.replayTargets });
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
