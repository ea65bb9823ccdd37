import type { Resumption } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import { checkKey } from './check-text.ts';
import { chooseTargets, type TargetChoice } from './choose-targets.ts';
import { type PastTargets, pastTargets, startedBy } from './past-targets.ts';
import { planReplay, replayPageSize } from './plan-replay.ts';
import type { ReplayResult } from './replay-result.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which targets, and which replay this is. */
export interface ReplayOptions extends TargetChoice {
  /** The same key on the same event is the same replay. */
  readonly idempotencyKey?: string;
  /** Where the run of its one automation goes on from. @default at its first step */
  readonly from?: Resumption | undefined;
  /** What is configured, where somebody has just looked. @default it is read anew */
  readonly configuration?: TenantConfiguration;
}

/** What a replay of one event came to. */
export interface StartedReplay {
  readonly result: ReplayResult;
  /** Names of the targets that it started, `automation:{id}` and `subscriber:{name}`. */
  readonly targets: readonly string[];
  /** An earlier call with the same key has started it all. */
  readonly isRepeated: boolean;
}

const nothing: StartedReplay = { result: { runIds: [], dispatchIds: [] }, targets: [], isRepeated: false };

/**
 * Replays an event: new runs and subscriber calls under it, in class `replay`, all with the next replay number and so with new idempotency
 * keys. Automations run in their current version, whatever their condition says now; deleted and disabled ones and retired subscribers are
 * left out. Two calls at once for the same targets become one replay. Up to 64 targets are stored in one step, more in several; with a key,
 * a call that is repeated goes on where one was interrupted.
 */
export async function replayEvent(scope: TenantScope, record: EventRecord, options: ReplayOptions): Promise<StartedReplay> {
  const key = checkKey(options.idempotencyKey, 'idempotency key');
  return key === undefined ? replayAnew(scope, record, options) : replayByKey(scope, record, { ...options, idempotencyKey: key });
}

/** What the replay would start now, and nothing is stored. */
export async function previewReplay(scope: TenantScope, record: EventRecord, options: ReplayOptions): Promise<StartedReplay> {
  const past = await pastTargets(scope, record.id);
  const earlier = options.idempotencyKey === undefined ? null : startedBy(past, options.idempotencyKey);
  if (earlier && earlier.targets.length >= earlier.size) return { ...earlier, isRepeated: true };
  return { ...nothing, targets: await choose(scope, { record, past, options }) };
}

/** Without a key the number and the targets tell one replay from another, so that two callers at once start it once. */
async function replayAnew(scope: TenantScope, record: EventRecord, options: ReplayOptions): Promise<StartedReplay> {
  const past = await pastTargets(scope, record.id);
  const targets = await choose(scope, { record, past, options });
  const replay = nextReplay(past);
  const runIds: string[] = [];
  const dispatchIds: string[] = [];
  for (let first = 0; first < targets.length; first += replayPageSize) {
    const names = targets.slice(first, first + replayPageSize);
    const { from } = options;
    const dedupeKey = `${replay}:${names.join(',')}${from === undefined ? '' : `:${from.at}`}`;
    const planned = await planReplay(scope, record, { names, replay, mark: { replayKey: null }, dedupeKey, from });
    runIds.push(...planned.runIds);
    dispatchIds.push(...planned.dispatchIds);
  }
  return { result: { runIds, dispatchIds }, targets, isRepeated: false };
}

/** Looks, starts the first page, looks which number holds, and starts the others under it. */
const mostLooks = 3;

async function replayByKey(
  scope: TenantScope,
  record: EventRecord,
  options: ReplayOptions & { readonly idempotencyKey: string },
): Promise<StartedReplay> {
  const { idempotencyKey: replayKey } = options;
  for (let look = 1; ; look += 1) {
    const past = await pastTargets(scope, record.id);
    const earlier = startedBy(past, replayKey);
    if (earlier && earlier.targets.length >= earlier.size) return { ...earlier, isRepeated: look === 1 };
    const names = await choose(scope, { record, past, options });
    if (names.length === 0 || look === mostLooks) return earlier ? { ...earlier, isRepeated: false } : nothing;
    const replay = earlier?.replay ?? nextReplay(past);
    const size = earlier?.size ?? names.length;
    const mark = size > replayPageSize ? { replayKey, replayTargets: size } : { replayKey };
    // Of two callers at once one stores the first page, and its number holds for the pages behind it.
    const end = earlier ? names.length : Math.min(names.length, replayPageSize);
    for (let first = 0; first < end; first += replayPageSize) {
      const page = names.slice(first, first + replayPageSize);
      const own = earlier ? `:${replay}:${page.join(',')}` : '';
      await planReplay(scope, record, { names: page, replay, mark, dedupeKey: `key:${replayKey}${own}`, from: options.from });
    }
  }
}

function nextReplay(past: PastTargets): number {
  return 1 + Math.max(0, ...[...past.values()].map(({ lastReplay }) => lastReplay));
}

/** The targets that are to be started now, without those that a replay with this key has started. */
async function choose(
  { cache, compiled, tenant }: TenantScope,
  { record, past, options }: { readonly record: EventRecord; readonly past: PastTargets; readonly options: ReplayOptions },
): Promise<readonly string[]> {
  const configuration = options.configuration ?? (await cache.read(tenant, { fresh: true }));
  const names = chooseTargets({ record, past, configuration, known: compiled.of(configuration) }, options);
  const { idempotencyKey } = options;
  return idempotencyKey === undefined ? names : names.filter((name) => !past.get(name)?.startedBy.has(idempotencyKey));
}
