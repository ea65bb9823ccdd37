import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { Considered, RunKey } from '../contracts/dispatch-records.ts';
import type { Plan } from '../contracts/hot-store.ts';
import type { Planner, PlanRequest } from '../contracts/planner.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { toHubEvent } from '../events/build-event.ts';
import { beginPlannedRun, brokenRun, type PlannedRun } from './begin-planned-run.ts';
import type { CompiledConfigurations } from './compiled-configurations.ts';
import type { CompiledTenant } from './compiled-tenant.ts';
import { findConnection } from './plan-step.ts';
import { subscriberDispatch } from './subscriber-dispatch.ts';

/** The planner: finds out in memory what should happen because of an event. */
export function createPlanner(options: {
  readonly cache: ConfigurationCache;
  readonly registry: ConnectorRegistry;
  readonly compiled: CompiledConfigurations;
}): Planner {
  const { cache, registry, compiled } = options;
  return {
    async plan(request, { fresh }) {
      const { tenant } = request.event;
      const configuration = (fresh ? undefined : cache.peek(tenant)) ?? (await cache.read(tenant, { fresh }));
      return planEvent({ request, configuration, registry, tenant: compiled.of(configuration) });
    },
  };
}

interface PlanEventInput {
  readonly request: PlanRequest;
  readonly configuration: TenantConfiguration;
  readonly registry: ConnectorRegistry;
  readonly tenant: CompiledTenant;
}

function planEvent(input: PlanEventInput): Plan {
  const { request, configuration, tenant } = input;
  const { event, automation } = request;
  const { considered, planned } = planRuns(input, automation === undefined ? undefined : manual(tenant, automation));
  const calls = tenant
    .subscribersFor(event.type)
    .map(({ name }) => subscriberDispatch({ tenant: event.tenant, root: event.id, name, replay: 0, replayKey: null }));
  return {
    revision: configuration.revision,
    considered,
    runs: planned.map(({ run }) => run),
    dispatches: [...planned.flatMap(({ dispatches }) => dispatches), ...calls],
  };
}

interface PlannedRuns {
  readonly considered: readonly Considered[];
  readonly planned: readonly PlannedRun[];
}

const nothing: PlannedRuns = { considered: [], planned: [] };

function planRuns(input: PlanEventInput, only: CompiledAutomation | undefined): PlannedRuns {
  const { request, configuration, registry, tenant } = input;
  const { event } = request;
  const candidates = only ? [only] : tenant.automationsFor(event.type);
  const broken = only ? [] : tenant.brokenFor(event.type);
  if (candidates.length + broken.length === 0) return nothing;
  const hubEvent = toHubEvent(event, request.data);
  const keyOf = (automation: string): RunKey => ({ tenant: event.tenant, root: event.id, automation, replay: 0 });
  const considered: Considered[] = [];
  const planned: PlannedRun[] = [];
  for (const automation of candidates) {
    const { id, version } = automation;
    const matched = isFrom(configuration, automation, event) && (automation.condition?.test({ event: hubEvent }) ?? true);
    considered.push({ automation: id, version, matched });
    if (matched) planned.push(beginPlannedRun({ registry, configuration, automation, event: hubEvent, key: keyOf(id) }));
  }
  // Whether one that cannot be read would have matched, nobody can tell; that it did not run must be seen.
  for (const automation of broken) {
    considered.push({ automation: automation.id, version: automation.version, matched: true });
    planned.push(brokenRun(automation, keyOf(automation.id)));
  }
  return { considered, planned };
}

/** The automation that is asked to run. Throws where it cannot: it was changed since it was looked at. */
function manual(tenant: CompiledTenant, id: string): CompiledAutomation {
  const automation = tenant.automation(id);
  if (automation && 'manual' in automation.definition.trigger && tenant.isEnabled(id)) return automation;
  throw new PatchbayError({
    code: 'conflict',
    message: 'The automation was deleted, disabled or given another trigger at this moment. Look at it and try again.',
  });
}

/** Is the event from the connection that the automation's trigger names, if it names one? */
function isFrom(configuration: TenantConfiguration, automation: CompiledAutomation, event: PlanRequest['event']): boolean {
  const { trigger } = automation.definition;
  if (!('event' in trigger) || trigger.connection === undefined) return true;
  const connector = trigger.event.split('.', 1)[0] ?? '';
  return event.connection !== null && findConnection(configuration, connector, trigger.connection)?.id === event.connection;
}
