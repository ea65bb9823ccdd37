import type { ReplayMark, Resumption } from '../automation/run-state.ts';
import { formatDispatchId, formatRunId } from '../contracts/dispatch-id.ts';
import type { EventRecord, NewDispatch, NewRun } from '../contracts/dispatch-records.ts';
import type { Plan } from '../contracts/hot-store.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { hashJson } from '../events/hash-json.ts';
import type { FuelUse } from '../expression/frame.ts';
import { beginPlannedRun, brokenRun, type PlannedRun } from '../routing/begin-planned-run.ts';
import { endpointDispatch } from '../routing/endpoint-dispatch.ts';
import { isSpent, sliceFuel } from '../routing/planning-fuel.ts';
import { subscriberDispatch } from '../routing/subscriber-dispatch.ts';
import { splitTarget } from './choose-targets.ts';
import type { ReplayResult } from './replay-result.ts';
import type { TenantScope } from './tenant-services.ts';

/** Most targets that are planned and stored in one step: at their limits, they use what planning one page may use. */
export const replayPageSize = 64;

/** A part of a replay: which targets, under which number. */
export interface ReplayPage {
  /** At most {@link replayPageSize}. */
  readonly names: readonly string[];
  readonly replay: number;
  readonly mark: ReplayMark;
  /** A second page of the event with the same one is none. */
  readonly dedupeKey: string;
  /** Where its run goes on from; for a replay of one automation. @default at its first step */
  readonly from?: Resumption | undefined;
}

/** Plans and stores a page of a replay in one step. Answers what it planned. */
export async function planReplay(scope: TenantScope, record: EventRecord, page: ReplayPage): Promise<ReplayResult> {
  const { tenant, publisher } = scope;
  let plan: Plan | undefined;
  // What is stored at the same time is stored in order of these keys, so they begin with the event's place in time.
  const dedupe = { key: `replay:${record.id}:${hashJson(page.dedupeKey)}`, hash: null };
  await publisher.ingest({ tenant, root: record.id, dedupe, event: null }, async (fresh) => {
    plan = await planOf(scope, { record, page, fresh });
    return plan;
  });
  const { runs = [], dispatches = [] } = plan ?? {};
  const calls = dispatches.filter(({ key }) => !key.target.startsWith('automation:'));
  return { runIds: runs.map(({ key }) => formatRunId(key)), dispatchIds: calls.map(({ key }) => formatDispatchId(key)) };
}

interface Planned {
  readonly record: EventRecord;
  readonly page: ReplayPage;
  readonly fresh: boolean;
}

async function planOf(scope: TenantScope, { record, page, fresh }: Planned): Promise<Plan> {
  const configuration = await scope.cache.read(scope.tenant, { fresh });
  const begin = beginner(scope, configuration, { event: toHubEvent(record, decodePayload(record.data)), page });
  const runs: NewRun[] = [];
  const dispatches: NewDispatch[] = [];
  let use: FuelUse = { steps: 0, bytes: 0 };
  for (const name of page.names) {
    if (isSpent(use, sliceFuel)) {
      await new Promise<void>((resolve) => scope.clock.nextTurn(resolve));
      use = { steps: 0, bytes: 0 };
    }
    const planned = begin(name, use);
    if (planned?.run) runs.push(planned.run);
    dispatches.push(...(planned?.dispatches ?? []));
  }
  return { revision: configuration.revision, considered: [], runs, dispatches };
}

type Begun = { readonly run?: NewRun; readonly dispatches: PlannedRun['dispatches'] };

/** Begins targets by name, as far as they are there; what their inputs use is added. */
function beginner(
  { tenant, compiled, registry }: TenantScope,
  configuration: Parameters<TenantScope['compiled']['of']>[0],
  { event, page: { replay, mark, from } }: { readonly event: HubEvent; readonly page: ReplayPage },
): (target: string, use: FuelUse) => Begun | null {
  const known = compiled.of(configuration);
  return (target, use) => {
    const [kind, name] = splitTarget(target);
    if (kind === 'subscriber')
      return known.hasSubscriber(name) ? { dispatches: [subscriberDispatch({ tenant, root: event.id, name, replay, mark })] } : null;
    if (kind === 'endpoint') {
      const endpoint = known.endpoint(name);
      return endpoint ? { dispatches: [endpointDispatch({ tenant, endpoint, event, read: () => event, replay, mark, use })] } : null;
    }
    if (!known.isEnabled(name)) return null;
    const key = { tenant, root: event.id, automation: name, replay };
    const automation = known.automation(name);
    if (automation) return beginPlannedRun({ registry, configuration, automation, event, key, mark, from, use });
    const broken = known.broken(name);
    return broken ? brokenRun(broken, key, mark) : null;
  };
}
