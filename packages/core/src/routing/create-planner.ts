import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { ownEventOf } from '../automation/trigger-event.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { HistoryStore } from '../contracts/history-store.ts';
import type { Plan } from '../contracts/hot-store.ts';
import type { Planner, PlanRequest, Postponed } from '../contracts/planner.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { CompiledConfigurations } from './compiled-configurations.ts';
import type { CompiledTenant } from './compiled-tenant.ts';
import { createHopCounter, mostHops } from './count-hops.ts';
import { planPages } from './plan-pages.ts';
import { countTargets, emptyDraft, type Planning, planTargets, type Targets } from './plan-targets.ts';
import { doorFuel, isSpent } from './planning-fuel.ts';

/** Most targets that are planned at the door. */
const mostAtOnce = 64;

/** The planner: finds out in memory what should happen because of an event. */
export function createPlanner(options: {
  readonly cache: ConfigurationCache;
  readonly registry: ConnectorRegistry;
  readonly compiled: CompiledConfigurations;
  /** Where the causes of an event are looked up. */
  readonly history: Pick<HistoryStore, 'event'>;
}): Planner {
  const { cache, registry, compiled } = options;
  const hopsOf = createHopCounter(options.history);
  const isLoop = async ({ event }: PlanRequest): Promise<boolean> => event.causation !== null && (await hopsOf(event)) >= mostHops;
  return {
    async plan(request, { fresh }) {
      const { tenant, causation } = request.event;
      const looped = causation !== null && (await isLoop(request));
      const configuration = (fresh ? undefined : cache.peek(tenant)) ?? (await cache.read(tenant, { fresh }));
      return planAtOnce(
        { request, configuration, registry, isLoop: looped },
        routed(targetsOf(compiled.of(configuration), request), request, configuration),
      );
    },
    async *pages(request, { known, turn }) {
      const looped = await isLoop(request);
      const configuration = await cache.read(request.event.tenant, { fresh: true });
      const targets = withoutKnown(routed(targetsOf(compiled.of(configuration), request), request, configuration), known);
      yield* planPages({ request, configuration, registry, isLoop: looped, targets, turn });
    },
  };
}

/** Plans all targets, or none where they are too many or too dear together, or one has an ordering key. One alone is never too dear: its own limits bound it. */
function planAtOnce(planning: Planning, targets: Targets): Plan | Postponed {
  const { request, configuration } = planning;
  const count = countTargets(targets);
  const isWhole = request.automation !== undefined;
  const inOrder = targets.automations.some(({ ordering }) => ordering !== null);
  const postponed: Postponed = { postponed: true, revision: configuration.revision, inOrder };
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
  const { type } = event;
  const others = { subscribers: tenant.subscribersFor(type), endpoints: tenant.endpointsFor(type), isAwaited: tenant.awaits(type) };
  if (automation !== undefined) return { automations: [started(tenant, automation, type)], broken: [], ...others };
  return { automations: tenant.automationsFor(type), broken: tenant.brokenFor(type), ...others };
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

/** The one automation that this event starts. Throws where it does not: it was changed since it was looked at. */
function started(tenant: CompiledTenant, id: string, type: string): CompiledAutomation {
  const automation = tenant.automation(id);
  if (automation && ownEventOf(automation.definition.trigger) === type && tenant.isEnabled(id)) return automation;
  throw new PatchbayError({
    code: 'conflict',
    message: 'The automation was deleted, disabled or given another trigger at this moment. Look at it and try again.',
  });
}
