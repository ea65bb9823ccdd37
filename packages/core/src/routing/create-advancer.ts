import { advance, type StepResult } from '../automation/advance.ts';
import { type CompiledAutomation, compileAutomation } from '../automation/compile-automation.ts';
import { parseAutomation } from '../automation/parse-automation.ts';
import { decodeRunState } from '../automation/run-state.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { Advancer, DispatchEnd } from '../contracts/advancer.ts';
import type { RunKey } from '../contracts/dispatch-records.ts';
import type { Storage } from '../contracts/storage.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import type { Json } from '../json/json.ts';
import type { CompiledConfigurations } from './create-planner.ts';
import { planAdvance } from './plan-run.ts';

/** What the advancer needs. */
export interface AdvancerOptions {
  readonly storage: Pick<Storage<unknown>, 'configuration' | 'history'>;
  readonly cache: ConfigurationCache;
  readonly registry: ConnectorRegistry;
  readonly compiled: CompiledConfigurations;
}

/** Works out what follows in a run when one of its dispatches has ended. The event is read only where a step follows. */
export function createAdvancer(options: AdvancerOptions): Advancer {
  const { cache, registry } = options;
  return {
    async advance(dispatch, run, end) {
      const { key } = run;
      const unchanged = { key, revision: run.revision, status: run.status, state: run.state, error: run.error, next: [] };
      if (run.status === 'cancelled') return unchanged;
      const automation = await versionOf(options, key, run.version);
      const state = decodeRunState(run.state);
      const follows = end.ended === 'succeeded' && state.at + 1 < automation.steps.length;
      const event = follows ? await readEvent(options, key) : unread(key);
      const result = advance({ automation, event, state, path: dispatch.key.path, result: stepResult(end) });
      const configuration = cache.peek(key.tenant) ?? (await cache.read(key.tenant));
      const planned = planAdvance({ registry, configuration, automation, run: key, advance: result });
      return { key, revision: run.revision, ...planned };
    },
  };
}

/** The version that the run began with, whatever has been put since. */
export async function versionOf(
  options: Pick<AdvancerOptions, 'storage' | 'cache' | 'compiled'>,
  key: RunKey,
  version: number,
): Promise<CompiledAutomation> {
  const configuration = options.cache.peek(key.tenant) ?? (await options.cache.read(key.tenant));
  const current = options.compiled.of(configuration).automation(key.automation);
  if (current?.version === version) return current;
  const row = await options.storage.configuration.find(key.tenant, 'automation_version', versionRowName(key.automation, version));
  if (!row) {
    throw new PatchbayError({
      code: 'internal',
      message: `Version ${version} of the automation ${key.automation} is gone although runs of it are open. Restore it.`,
    });
  }
  return compileAutomation({ id: key.automation, name: key.automation, version, definition: parseAutomation(row.value.definition) });
}

/** The row name of one version of an automation. */
export function versionRowName(automation: string, version: number): string {
  return `${automation}/${version}`;
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
      message: `The event ${key.root} is gone although a run of it is open. Keep events longer than runs live.`,
    });
  return toHubEvent(record, decodePayload(record.data));
}

/** Stands for an event that nothing reads: no step follows, so no template is rendered. */
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
