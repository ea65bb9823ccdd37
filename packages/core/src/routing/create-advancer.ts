import { advance } from '../automation/advance.ts';
import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { findStep } from '../automation/flow/find-step.ts';
import type { StepResult } from '../automation/flow/walk.ts';
import type { Advance } from '../automation/run-advance.ts';
import { decodeRunState, encodeRunState, type RunState } from '../automation/run-state.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import { sameRevision } from '../configuration/same-revision.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { Advancer, DispatchEnd } from '../contracts/advancer.ts';
import type { RunKey, RunRecord } from '../contracts/dispatch-records.ts';
import type { RunChange } from '../contracts/run-change.ts';
import type { Storage } from '../contracts/storage.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import type { Json } from '../json/json.ts';
import type { CompiledConfigurations } from './compiled-configurations.ts';
import { planAdvance } from './plan-run.ts';
import { versionOf } from './version-of.ts';

/** What the advancer needs. */
export interface AdvancerOptions {
  readonly storage: Pick<Storage<unknown>, 'configuration' | 'history'>;
  readonly cache: ConfigurationCache;
  readonly registry: ConnectorRegistry;
  readonly compiled: CompiledConfigurations;
}

/** Milliseconds for which a configuration is used without asking the store whether it has changed in another process. */
const trustedFor = 1_000;

/** Works out what follows in a run when one of its dispatches has ended. The event is read only where the next step reads it. */
export function createAdvancer(options: AdvancerOptions): Advancer {
  return {
    async advance(dispatch, run, end) {
      if (run.status === 'cancelled') return null;
      const { tenant, automation: id } = run.key;
      const place = { tenant, automation: id, version: run.version, name: run.automationName };
      const automation = await versionOf({ store: options.storage.configuration, compiled: options.compiled }, place);
      const state = decodeRunState(run.state);
      const event = readsEvent(automation, state, end) ? await readEvent(options, run.key) : unread(run.key);
      const result = advance({
        automation,
        event,
        state,
        path: dispatch.key.path,
        result: stepResult(end),
        since: dispatch.firstSentAt ?? dispatch.createdAt,
      });
      return result && plan(options, { automation, run, event, result });
    },
  };
}

/** Does the run stand at this dispatch: is it under way there, or has it stopped there? Its error path may have gone on without it. */
export async function standsAt(
  { storage, compiled }: Pick<AdvancerOptions, 'storage' | 'compiled'>,
  run: RunRecord,
  path: string,
): Promise<boolean> {
  const { tenant, automation: id } = run.key;
  const place = { tenant, automation: id, version: run.version, name: run.automationName };
  const { nodes } = await versionOf({ store: storage.configuration, compiled }, place);
  return findStep(nodes, decodeRunState(run.state), path) !== null;
}

interface Advanced {
  readonly automation: CompiledAutomation;
  readonly run: RunRecord;
  readonly event: HubEvent;
  readonly result: Advance;
}

/**
 * The change of the run. A step that cannot become a dispatch is planned once more with the configuration as it is now: its connection may
 * have been put in another process a moment ago.
 */
async function plan({ cache, registry }: AdvancerOptions, { automation, run, event, result }: Advanced): Promise<RunChange> {
  const { key, revision } = run;
  if (result.intents.length === 0)
    return { key, revision, status: result.status, state: encodeRunState(result.state), error: result.error, next: [] };
  const configuration = await cache.recent(key.tenant, trustedFor);
  const input = { registry, automation, run: key, event, advance: result };
  const { isBroken, ...planned } = planAdvance({ ...input, configuration });
  if (!isBroken) return { key, revision, ...planned };
  const current = await cache.read(key.tenant, { fresh: true });
  if (sameRevision(current.revision, configuration.revision)) return { key, revision, ...planned };
  const { isBroken: _, ...again } = planAdvance({ ...input, configuration: current });
  return { key, revision, ...again };
}

/** Can a step follow, or an escalation, that reads the event? */
function readsEvent({ isPlain, readsEvent, steps, escalation }: CompiledAutomation, state: RunState, end: DispatchEnd): boolean {
  if (!isPlain) return readsEvent;
  const next = end.ended === 'succeeded' ? steps[state.at + 1] : undefined;
  if (end.ended === 'succeeded' && !next) return false;
  return [next, escalation].some((step) => step?.template.roots.some(([root]) => root === 'event'));
}

function stepResult(end: DispatchEnd): StepResult {
  if (end.ended === 'failed') return end;
  // Written by our own executor as JSON text.
  return { ended: 'succeeded', output: end.output === null ? null : (JSON.parse(end.output) as Json) };
}

async function readEvent(options: AdvancerOptions, key: RunKey): Promise<HubEvent> {
  const record = await options.storage.history.event(key.tenant, key.root);
  if (!record)
    throw new PatchbayError({
      code: 'internal',
      message: 'The event is gone although a run of it is open. Keep events longer than runs live.',
    });
  return toHubEvent(record, decodePayload(record.data));
}

/** Stands for an event that nothing reads. */
function unread(key: RunKey): HubEvent {
  return {
    specversion: '1.0',
    id: key.root,
    source: '/',
    type: 'unread',
    time: '',
    datacontenttype: 'application/json',
    data: null,
    tenant: key.tenant,
    correlation: key.root,
    class: 'custom',
    severity: 'info',
  };
}
