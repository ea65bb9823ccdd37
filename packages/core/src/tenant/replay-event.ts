import type { EventRecord } from '../contracts/dispatch-records.ts';
import { checkKey } from './check-text.ts';
import { type PastTarget, type PastTargets, pastTargets, startedBy } from './past-targets.ts';
import { planReplay } from './plan-replay.ts';
import type { ReplayResult } from './replay-result.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which targets. */
export interface ReplayOptions {
  /** Also those that have succeeded. */
  readonly all: boolean;
  /** Only this automation. */
  readonly automation?: string;
  /** The same key on the same event is the same replay. */
  readonly idempotencyKey?: string;
}

/**
 * Replays an event: new runs and subscriber calls under it, in class `replay`, all with the next replay number and so with new idempotency
 * keys, stored in one step. Automations run in their current version, whatever their condition says now; deleted and disabled ones and
 * retired subscribers are left out. Two calls at once for the same targets become one replay.
 */
export async function replayEvent(scope: TenantScope, record: EventRecord, options: ReplayOptions): Promise<ReplayResult> {
  const replayKey = checkKey(options.idempotencyKey, 'idempotency key') ?? null;
  const past = await pastTargets(scope, record.id);
  if (replayKey !== null) {
    const started = startedBy(past, replayKey);
    if (started) return started;
  }
  const targets = wanted(past, options);
  if (targets.length === 0) return { runIds: [], dispatchIds: [] };
  const replay = 1 + Math.max(...[...past.values()].map((target) => target.lastReplay));
  const names = targets.map(([name]) => name).sort();
  // Without a key the number and the targets tell one replay from another, so that two callers at once start it once.
  const key = replayKey === null ? `replay:${record.id}:${replay}:${names.join(',')}` : `replay:${record.id}:key:${replayKey}`;
  const planned = await planReplay(scope, record, { names, replay, replayKey, dedupeKey: key });
  // With a key the plan may not be the one that is stored: another call with it was faster.
  return (replayKey === null ? null : startedBy(await pastTargets(scope, record.id), replayKey)) ?? planned;
}

function wanted(past: PastTargets, { all, automation }: ReplayOptions): readonly [string, PastTarget][] {
  return [...past].filter(
    ([name, target]) => (all || !target.isSettled) && (automation === undefined || name === `automation:${automation}`),
  );
}
