import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { contentDeleteDispatch } from '../connections/content-dispatches.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { SubscriberRecord } from '../contracts/configuration-records.ts';
import { type Considered, everyOther, type NewDispatch, type NewRun, type RunKey } from '../contracts/dispatch-records.ts';
import type { Plan } from '../contracts/hot-store.ts';
import type { PlanRequest } from '../contracts/planner.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { toHubEvent } from '../events/build-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import { beginPlannedRun, brokenRun, loopedRun, type PlannedRun } from './begin-planned-run.ts';
import type { BrokenAutomation } from './broken-automation.ts';
import type { EndpointTarget } from './compiled-endpoints.ts';
import { endpointDispatch } from './endpoint-dispatch.ts';
import { isFrom, startsOn } from './starts-on.ts';
import { subscriberDispatch } from './subscriber-dispatch.ts';
import { wakeDispatch } from './timer-dispatch.ts';

/** An event that is being planned, with all that is known of its tenant. */
export interface Planning {
  readonly request: PlanRequest;
  readonly configuration: TenantConfiguration;
  readonly registry: ConnectorRegistry;
  /** So many events have caused each other that automations seem to go round in a circle. */
  readonly isLoop: boolean;
}

/** What may happen because of an event, in the order in which it is looked at. */
export interface Targets {
  readonly automations: readonly CompiledAutomation[];
  /** True where the conditions of the automations hold, as a search has found. @default false: they are asked one by one */
  readonly isSearched?: boolean;
  readonly broken: readonly BrokenAutomation[];
  readonly subscribers: readonly SubscriberRecord[];
  readonly endpoints: readonly EndpointTarget[];
  /** Runs may wait for an event of this type: they are looked for when it is committed. */
  readonly isAwaited: boolean;
  /** Sources of content of the event's connection out of which it takes documents. */
  readonly contents: readonly string[];
}

/** How many they are. */
export const countTargets = ({ automations, broken, subscribers, endpoints, isAwaited, contents }: Targets): number =>
  automations.length + broken.length + subscribers.length + endpoints.length + Number(isAwaited) + contents.length;

interface GrowingPlan extends Plan {
  readonly considered: Considered[];
  readonly runs: NewRun[];
  readonly dispatches: NewDispatch[];
}

/** A plan that grows target by target, and what that has used so far. */
export interface PlanDraft {
  readonly plan: GrowingPlan;
  readonly use: FuelUse;
}

/** A plan of nothing yet. */
export const emptyDraft = ({ revision }: TenantConfiguration): PlanDraft => ({
  plan: { revision, considered: [], runs: [], dispatches: [] },
  use: { steps: 0, bytes: 0 },
});

/** Says in a plan that all automations that are not named in it were looked at and did not match: 10,000 are not written with each event. */
export function considerRest({ plan }: PlanDraft): void {
  plan.considered.push({ automation: everyOther, version: plan.revision.tenant, matched: false });
}

/** Looks at the target at that place and adds to the draft what should happen. */
export type PlanTarget = (index: number, draft: PlanDraft) => void;

/** Plans the targets of one event, each by its place: automations first, then those that cannot be read, subscribers, and endpoints. */
export function planTargets(planning: Planning, targets: Targets): PlanTarget {
  const { automations, isSearched = false, broken, subscribers, endpoints, isAwaited, contents } = targets;
  const { event, data } = planning.request;
  let built: HubEvent | undefined;
  const read = (): HubEvent => {
    built ??= toHubEvent(event, data);
    return built;
  };
  const keyOf = (automation: string): RunKey => ({ tenant: event.tenant, root: event.id, automation, replay: 0 });
  return (index, draft) => {
    const automation = automations[index];
    if (automation) return planAutomation({ ...planning, automation, isSearched, hubEvent: read(), key: keyOf(automation.id) }, draft);
    const unreadable = broken[index - automations.length];
    if (unreadable) return addBroken(draft, { automation: unreadable, key: keyOf(unreadable.id) });
    const subscriber = subscribers[index - automations.length - broken.length];
    const { tenant, id: root } = event;
    if (subscriber) draft.plan.dispatches.push(subscriberDispatch({ tenant, root, name: subscriber.name, replay: 0 }));
    const place = index - automations.length - broken.length - subscribers.length;
    const endpoint = endpoints[place];
    if (endpoint && wants(endpoint, read, draft.use))
      draft.plan.dispatches.push(endpointDispatch({ tenant, endpoint, event, read, replay: 0, use: draft.use }));
    if (isAwaited && place === endpoints.length) draft.plan.dispatches.push(wakeDispatch(event));
    const source = contents[place - endpoints.length - Number(isAwaited)];
    if (source !== undefined && event.connection !== null)
      draft.plan.dispatches.push(contentDeleteDispatch(event, { connectionId: event.connection, source }));
  };
}

/** One that cannot be read may want it, and that it did not get it must be seen. */
function wants(endpoint: EndpointTarget, read: () => HubEvent, use: FuelUse): boolean {
  return 'error' in endpoint || endpoint.condition === null || endpoint.condition.test({ event: read() }, use);
}

interface AutomationPlanning extends Planning {
  readonly automation: CompiledAutomation;
  readonly isSearched: boolean;
  readonly hubEvent: HubEvent;
  readonly key: RunKey;
}

function planAutomation(
  { registry, configuration, request, isLoop, automation, isSearched, hubEvent, key }: AutomationPlanning,
  { plan, use }: PlanDraft,
): void {
  const { id, version } = automation;
  const { event } = request;
  const matched = isSearched
    ? isFrom(configuration, automation, event) && (automation.record?.starts(hubEvent, use) ?? true)
    : startsOn({ configuration, automation, event, hubEvent, use });
  plan.considered.push({ automation: id, version, matched });
  if (matched && isLoop) addRun(plan, loopedRun(automation, key));
  else if (matched) addRun(plan, beginPlannedRun({ registry, configuration, automation, event: hubEvent, key, use }));
}

// Whether one that cannot be read would have matched, nobody can tell; that it did not run must be seen.
function addBroken({ plan }: PlanDraft, { automation, key }: { readonly automation: BrokenAutomation; readonly key: RunKey }): void {
  plan.considered.push({ automation: automation.id, version: automation.version, matched: true });
  addRun(plan, brokenRun(automation, key));
}

function addRun(plan: GrowingPlan, { run, dispatches }: PlannedRun): void {
  plan.runs.push(run);
  plan.dispatches.push(...dispatches);
}
