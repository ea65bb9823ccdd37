import { formatDispatchId, formatRunId } from '../contracts/dispatch-id.ts';
import type { EventRecord, NewDispatch, NewRun } from '../contracts/dispatch-records.ts';
import type { Plan } from '../contracts/hot-store.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { hashJson } from '../events/hash-json.ts';
import { beginPlannedRun, brokenRun, type PlannedRun } from '../routing/begin-planned-run.ts';
import { subscriberDispatch } from '../routing/subscriber-dispatch.ts';
import type { ReplayResult } from './replay-result.ts';
import type { TenantScope } from './tenant-services.ts';

/** One replay: which targets, under which number. */
export interface Replay {
  readonly names: readonly string[];
  readonly replay: number;
  readonly replayKey: string | null;
  /** A second replay with the same one is none. */
  readonly dedupeKey: string;
}

/** Plans and stores a replay of an event in one step. Answers what it planned. */
export async function planReplay(scope: TenantScope, record: EventRecord, replay: Replay): Promise<ReplayResult> {
  const { tenant, publisher } = scope;
  let plan: Plan | undefined;
  const dedupe = { key: `replay:${hashJson(replay.dedupeKey)}`, hash: null };
  await publisher.ingest({ tenant, root: record.id, dedupe, event: null }, async (fresh) => {
    plan = await planOf(scope, record, replay, fresh);
    return plan;
  });
  const { runs = [], dispatches = [] } = plan ?? {};
  const calls = dispatches.filter(({ key }) => key.target.startsWith('subscriber:'));
  return { runIds: runs.map(({ key }) => formatRunId(key)), dispatchIds: calls.map(({ key }) => formatDispatchId(key)) };
}

async function planOf(scope: TenantScope, record: EventRecord, { names, replay, replayKey }: Replay, fresh: boolean): Promise<Plan> {
  const { cache, compiled, registry, tenant } = scope;
  const configuration = await cache.read(tenant, { fresh });
  const known = compiled.of(configuration);
  const event = toHubEvent(record, decodePayload(record.data));
  const runs: NewRun[] = [];
  const dispatches: NewDispatch[] = [];
  const begin = (id: string): PlannedRun | null => {
    if (!known.isEnabled(id)) return null;
    const key = { tenant, root: record.id, automation: id, replay };
    const automation = known.automation(id);
    if (automation) return beginPlannedRun({ registry, configuration, automation, event, key, replayKey });
    const broken = known.broken(id);
    return broken ? brokenRun(broken, key, replayKey) : null;
  };
  for (const target of names) {
    const [kind, name] = splitTarget(target);
    const planned = kind === 'automation' ? begin(name) : null;
    if (planned) runs.push(planned.run);
    dispatches.push(...(planned?.dispatches ?? []));
    if (kind === 'subscriber' && known.hasSubscriber(name))
      dispatches.push(subscriberDispatch({ tenant, root: record.id, name, replay, replayKey }));
  }
  return { revision: configuration.revision, considered: [], runs, dispatches };
}

function splitTarget(target: string): readonly [string, string] {
  const colon = target.indexOf(':');
  return [target.slice(0, colon), target.slice(colon + 1)];
}
