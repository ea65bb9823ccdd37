import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import type { Plan } from '../contracts/hot-store.ts';
import type { Planned, Planner, PlanRequest, Postponed } from '../contracts/planner.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { CompiledConfigurations } from './compiled-configurations.ts';
import type { CompiledEnrichments } from './compiled-enrichments.ts';
import type { CompiledTenant } from './compiled-tenant.ts';
import { planPages } from './plan-pages.ts';
import { countTargets, emptyDraft, type Planning, planTargets, type Targets } from './plan-targets.ts';
import { doorFuel, isSpent } from './planning-fuel.ts';
import { heldBy, prepareAtDoor } from './prepare-request.ts';

/** Most targets that are planned at the door. */
const mostAtOnce = 64;

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
      const known = compiled.of(configuration);
      const { request: ready, additions, held } = prepareAtDoor(known, request);
      const planned = planReady({ request: ready, configuration, registry }, known, held);
      return additions === undefined ? planned : { ...planned, additions };
    },
    async *pages(request, { known, turn }) {
      const configuration = await cache.read(request.event.tenant, { fresh: true });
      const held = heldBy(request);
      if (held !== null) return yield { plan: heldPlan(configuration, held), targets: 1, last: true };
      const targets = withoutKnown(routed(targetsOf(compiled.of(configuration), request), request, configuration), known);
      yield* planPages({ request, configuration, registry, targets, turn });
    },
  };
}

/** Plans an event that has been mapped. What enrichers look at first is left to a router: nobody who brings events waits for a service. */
function planReady(planning: Planning, known: CompiledTenant & CompiledEnrichments, held: NewDispatch | null): Planned {
  const { request, configuration } = planning;
  if (held !== null) return heldPlan(configuration, held);
  const targets = routed(targetsOf(known, request), request, configuration);
  if (request.automation === undefined && known.liveEnrichmentsFor(request.event.type).length > 0)
    return { postponed: true, revision: configuration.revision, inOrder: isOrdered(targets) };
  return planAtOnce(planning, targets);
}

const heldPlan = ({ revision }: TenantConfiguration, held: NewDispatch): Plan => ({
  revision,
  considered: [],
  runs: [],
  dispatches: [held],
});

const isOrdered = ({ automations }: Targets): boolean => automations.some(({ ordering }) => ordering !== null);

/** Plans all targets, or none where they are too many or too dear together, or one has an ordering key. One alone is never too dear: its own limits bound it. */
function planAtOnce(planning: Planning, targets: Targets): Plan | Postponed {
  const { request, configuration } = planning;
  const count = countTargets(targets);
  const isWhole = request.automation !== undefined;
  const postponed: Postponed = { postponed: true, revision: configuration.revision, inOrder: isOrdered(targets) };
  if (count > mostAtOnce && !isWhole) return postponed;
  const draft = emptyDraft(configuration);
  const planTarget = planTargets(planning, targets);
  for (let index = 0; index < count; index += 1) {
    if (isSpent(draft.use, doorFuel) && !isWhole) return postponed;
    planTarget(index, draft);
  }
  // Its number is taken when it is routed, in the order of the marks.
  return !isWhole && draft.plan.dispatches.some(({ ordering }) => ordering !== null) ? postponed : draft.plan;
}

function targetsOf(tenant: CompiledTenant, { event, automation }: PlanRequest): Targets {
  const others = { subscribers: tenant.subscribersFor(event.type), endpoints: tenant.endpointsFor(event.type) };
  if (automation !== undefined) return { automations: [manual(tenant, automation)], broken: [], ...others };
  return { automations: tenant.automationsFor(event.type), broken: tenant.brokenFor(event.type), ...others };
}

/** Leaves those automations to which the registration that brought the event sends it, where it says to which. */
function routed(targets: Targets, { event }: PlanRequest, configuration: TenantConfiguration): Targets {
  const only = event.receipt && configuration.registration(event.receipt.registration)?.value.rules?.automations;
  if (!only) return targets;
  const isMeant = ({ id }: { readonly id: string }): boolean => only.includes(id);
  return { ...targets, automations: targets.automations.filter(isMeant), broken: targets.broken.filter(isMeant) };
}

function withoutKnown({ automations, broken, ...others }: Targets, known: ReadonlySet<string>): Targets {
  const isNew = ({ id }: { readonly id: string }): boolean => !known.has(id);
  return { automations: automations.filter(isNew), broken: broken.filter(isNew), ...others };
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
