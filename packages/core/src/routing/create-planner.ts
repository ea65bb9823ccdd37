import { beginRun } from '../automation/advance.ts';
import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { Considered, NewDispatch, NewRun, RunKey } from '../contracts/dispatch-records.ts';
import type { Plan } from '../contracts/hot-store.ts';
import type { Planner, PlanRequest } from '../contracts/planner.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import { type CompiledTenant, type CompiledVersions, compileTenant } from './compiled-tenant.ts';
import { planAdvance } from './plan-run.ts';
import { findConnection } from './plan-step.ts';
import { subscriberDispatch } from './subscriber-dispatch.ts';

/** Knows what a tenant's configuration compiles to. */
export interface CompiledConfigurations {
  of(configuration: TenantConfiguration): CompiledTenant;
}

/** Compiles a tenant's configuration once per revision; old revisions go with their configuration. */
export function compiledConfigurations(): CompiledConfigurations {
  const known = new WeakMap<TenantConfiguration, CompiledTenant>();
  let versions: CompiledVersions = new Map();
  return {
    of(configuration) {
      const compiled = known.get(configuration) ?? compileTenant(configuration, versions);
      known.set(configuration, compiled);
      // A bound, so that tenants that come and go do not fill the process: what is still used is compiled again.
      if (versions.size > 20_000) versions = new Map();
      return compiled;
    },
  };
}

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
  const { event } = request;
  const considered: Considered[] = [];
  const runs: NewRun[] = [];
  const dispatches: NewDispatch[] = [];
  const candidates =
    request.automation === undefined
      ? tenant.automationsFor(event.type)
      : [tenant.automation(request.automation)].filter((found) => found !== undefined);
  if (candidates.length > 0) {
    const hubEvent = toHubEvent(event, request.data);
    for (const automation of candidates) {
      const matched = isFrom(configuration, automation, event) && (automation.condition?.test({ event: hubEvent }) ?? true);
      considered.push({ automation: automation.id, version: automation.version, matched });
      if (matched) addRun(input, automation, hubEvent, runs, dispatches);
    }
  }
  for (const subscriber of tenant.subscribersFor(event.type)) dispatches.push(subscriberDispatch(event.tenant, event.id, subscriber.name));
  return { revision: configuration.revision, considered, runs, dispatches };
}

/** Is the event from the connection that the automation's trigger names, if it names one? */
export function isFrom(configuration: TenantConfiguration, automation: CompiledAutomation, event: PlanRequest['event']): boolean {
  const { trigger } = automation.definition;
  if (!('event' in trigger) || trigger.connection === undefined) return true;
  const connector = trigger.event.split('.', 1)[0] ?? '';
  return event.connection !== null && findConnection(configuration, connector, trigger.connection)?.id === event.connection;
}

function addRun(input: PlanEventInput, automation: CompiledAutomation, event: HubEvent, runs: NewRun[], dispatches: NewDispatch[]): void {
  const key: RunKey = { tenant: event.tenant, root: event.id, automation: automation.id, replay: 0 };
  const planned = planAdvance({ ...input, automation, run: key, advance: beginRun(automation, event) });
  runs.push({
    key,
    automationName: automation.name,
    version: automation.version,
    status: planned.status,
    state: planned.state,
    error: planned.error,
  });
  dispatches.push(...planned.next);
}
