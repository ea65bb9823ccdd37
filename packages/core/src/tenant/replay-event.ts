import { beginRun } from '../automation/advance.ts';
import { formatDispatchId, formatRunId } from '../contracts/dispatch-id.ts';
import type { EventRecord, NewDispatch, NewRun, RunKey } from '../contracts/dispatch-records.ts';
import type { Plan } from '../contracts/hot-store.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { planAdvance } from '../routing/plan-run.ts';
import { subscriberDispatch } from '../routing/subscriber-dispatch.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a replay started. */
export interface ReplayResult {
  readonly runIds: readonly string[];
  /** Dispatches of subscribers. */
  readonly dispatchIds: readonly string[];
}

/** Which targets. */
export interface ReplayOptions {
  /** Also those that have succeeded. */
  readonly all: boolean;
  /** Only this automation. */
  readonly automation?: string;
}

interface Target {
  readonly target: string;
  readonly replay: number;
}

/**
 * Replays an event: new runs and subscriber calls under it, in class `replay`, each with the next replay number and so with new idempotency
 * keys. Automations run in their current version, whatever their condition says now. A call that is repeated because its answer was lost
 * starts nothing twice: the replay number is part of the dedupe key.
 */
export async function replayEvent(scope: TenantScope, record: EventRecord, options: ReplayOptions): Promise<ReplayResult> {
  const runIds: string[] = [];
  const dispatchIds: string[] = [];
  for (const target of await targetsOf(scope, record, options)) {
    let plan: Plan | undefined;
    const { tenant } = scope;
    const item = {
      tenant,
      root: record.id,
      dedupe: { key: `replay:${record.id}:${target.target}:${target.replay}`, hash: null },
      event: null,
    };
    await scope.publisher.ingest(item, async (fresh) => {
      plan = await planTarget(scope, record, target, fresh);
      return plan;
    });
    runIds.push(...(plan?.runs ?? []).map((run) => formatRunId(run.key)));
    if (target.target.startsWith('subscriber:'))
      dispatchIds.push(...(plan?.dispatches ?? []).map((dispatch) => formatDispatchId(dispatch.key)));
  }
  return { runIds, dispatchIds };
}

async function targetsOf(scope: TenantScope, record: EventRecord, options: ReplayOptions): Promise<readonly Target[]> {
  const { history } = scope.storage;
  const { tenant } = scope;
  const succeeded = new Set<string>();
  const targets = new Set<string>();
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof history.runs>> = await history.runs(tenant, { root: record.id }, { cursor, limit: 500 });
    for (const run of page.items) {
      targets.add(`automation:${run.key.automation}`);
      if (run.status === 'succeeded' || run.status === 'running') succeeded.add(`automation:${run.key.automation}`);
    }
    cursor = page.cursor;
    if (cursor === null) break;
  }
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof history.dispatches>> = await history.dispatches(
      tenant,
      { root: record.id },
      { cursor, limit: 500 },
    );
    for (const { key, status } of page.items) {
      if (!key.target.startsWith('subscriber:')) continue;
      targets.add(key.target);
      if (status === 'succeeded' || status === 'pending' || status === 'leased') succeeded.add(key.target);
    }
    cursor = page.cursor;
    if (cursor === null) break;
  }
  const wanted = [...targets].filter(
    (target) =>
      (options.all || !succeeded.has(target)) && (options.automation === undefined || target === `automation:${options.automation}`),
  );
  return Promise.all(wanted.map(async (target) => ({ target, replay: (await history.lastReplay(tenant, record.id, target)) + 1 })));
}

async function planTarget(scope: TenantScope, record: EventRecord, { target, replay }: Target, fresh: boolean): Promise<Plan> {
  const { cache, compiled, registry, tenant } = scope;
  const configuration = await cache.read(tenant, { fresh });
  const runs: NewRun[] = [];
  const dispatches: NewDispatch[] = [];
  const [kind, name = ''] = splitTarget(target);
  if (kind === 'subscriber') dispatches.push({ ...subscriberDispatch(tenant, record.id, name, replay), workClass: 'replay' });
  const automation = kind === 'automation' ? compiled.of(configuration).automation(name) : undefined;
  if (automation) {
    const event = toHubEvent(record, decodePayload(record.data));
    const run: RunKey = { tenant, root: record.id, automation: automation.id, replay };
    const { next, ...state } = planAdvance({ registry, configuration, automation, run, advance: beginRun(automation, event) });
    runs.push({ key: run, automationName: automation.name, version: automation.version, ...state });
    dispatches.push(...next);
  }
  return { revision: configuration.revision, considered: [], runs, dispatches };
}

function splitTarget(target: string): readonly [string, string] {
  const colon = target.indexOf(':');
  return [target.slice(0, colon), target.slice(colon + 1)];
}
