import { findStep } from '../automation/flow/find-step.ts';
import { scopeOf } from '../automation/flow/turn.ts';
import { decodeRunState } from '../automation/run-state.ts';
import { readWaitInput } from '../automation/timer-input.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { DispatchRecord, EventRecord, RunRecord } from '../contracts/dispatch-records.ts';
import type { Storage } from '../contracts/storage.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import type { Json } from '../json/json.ts';
import type { CompiledConfigurations } from './compiled-configurations.ts';
import { findConnection } from './find-connection.ts';
import { versionOf } from './version-of.ts';

/** What judging events needs. */
export interface AwaitingOptions {
  readonly storage: Pick<Storage<unknown>, 'configuration' | 'history'>;
  readonly cache: ConfigurationCache;
  readonly compiled: CompiledConfigurations;
}

/** Says of an event whether a wait takes it. */
export type TakesEvent = (event: EventRecord) => boolean;

/** Milliseconds for which a configuration is used without asking the store whether it has changed in another process. */
const trustedFor = 1_000;

/** What a wait takes; `null` where its run does not stand at it any more. */
export async function awaitedEvent(
  { storage, cache, compiled }: AwaitingOptions,
  { key: { path, tenant }, input, createdAt }: Pick<DispatchRecord, 'key' | 'input' | 'createdAt'>,
  run: RunRecord,
): Promise<TakesEvent | null> {
  const wanted = readWaitInput(input);
  const place = { tenant, automation: run.key.automation, version: run.version, name: run.automationName };
  const automation = await versionOf({ store: storage.configuration, compiled }, place);
  const found = findStep(automation.nodes, decodeRunState(run.state), path);
  if (wanted === null || found?.node.kind !== 'wait') return null;
  const { node, frame } = found;
  const cause = automation.readsEvent ? await storage.history.event(tenant, run.key.root) : null;
  const event = cause === null ? null : toHubEvent(cause, decodePayload(cause.data));
  const configuration = await cache.recent(tenant, trustedFor);
  const { connection: reference } = node;
  const connection = reference === null ? null : findConnection(configuration, node.event.split('.', 1)[0] ?? '', reference)?.id;
  const since = wanted.since ?? run.startedAt;
  const before = createdAt + wanted.timeoutMs;
  return (incoming) => {
    // What comes when its time has passed does not count, however late somebody sees that it has.
    if (incoming.storedAt >= before) return false;
    if (incoming.type !== node.event || incoming.id === run.key.root || incoming.storedAt < since || wanted.not.includes(incoming.id))
      return false;
    if (connection !== null && incoming.connection !== connection) return false;
    if (node.condition === null) return true;
    const scope = event === null ? { ...scopeWithout(frame) } : scopeOf({ event }, frame);
    return node.condition.test({ ...scope, incoming: toHubEvent(incoming, decodePayload(incoming.data)) });
  };
}

/** What the expressions of a place know where nothing reads the run's event. */
function scopeWithout(frame: Parameters<typeof scopeOf>[1]): Readonly<Record<string, unknown>> {
  const nobody = { event: null } as unknown as Parameters<typeof scopeOf>[0];
  return scopeOf(nobody, frame);
}

/** What a wait gives that an event has ended; `null` for one whose time has passed. */
export function waitOutput(event: EventRecord | null): string {
  const given = event === null ? null : (toHubEvent(event, decodePayload(event.data)) as unknown as Json);
  return JSON.stringify({ timedOut: event === null, event: given });
}
