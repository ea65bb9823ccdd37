import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { ConnectorRegistry } from '../connector/create-registry.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import type { HistoryStore } from '../contracts/history-store.ts';
import type { Plan } from '../contracts/hot-store.ts';
import type { Planned, Planner, PlanRequest, Postponed } from '../contracts/planner.ts';
import type { CompiledConfigurations } from './compiled-configurations.ts';
import type { CompiledEnrichments } from './compiled-enrichments.ts';
import type { CompiledTenant } from './compiled-tenant.ts';
import { createHopCounter, mostHops } from './count-hops.ts';
import { type Finding, findTargets } from './find-targets.ts';
import { planPages } from './plan-pages.ts';
import { considerRest, countTargets, emptyDraft, type Planning, planTargets, type Targets } from './plan-targets.ts';
import { doorFuel, isSpent, sliceEnd } from './planning-fuel.ts';
import { heldBy, prepareAtDoor } from './prepare-request.ts';

/** Most targets that are planned at the door. */
const mostAtOnce = 64;

/** Times that a search begins anew because the automations were changed under it. Then it goes on without a pause. */
const mostSearches = 3;

/** What the planner needs. */
export interface PlannerOptions {
  readonly cache: ConfigurationCache;
  readonly registry: ConnectorRegistry;
  readonly compiled: CompiledConfigurations;
  /** Where the causes of an event are looked up. */
  readonly history: Pick<HistoryStore, 'event'>;
}

/** The planner: finds out in memory what should happen because of an event. */
export function createPlanner(options: PlannerOptions): Planner {
  const { cache, registry, compiled } = options;
  const hopsOf = createHopCounter(options.history);
  const isLoop = async ({ event }: PlanRequest): Promise<boolean> => event.causation !== null && (await hopsOf(event)) >= mostHops;
  return {
    async plan(request, { fresh }) {
      const { tenant, causation } = request.event;
      const looped = causation !== null && (await isLoop(request));
      const configuration = (fresh ? undefined : cache.peek(tenant)) ?? (await cache.read(tenant, { fresh }));
      const known = compiled.of(configuration);
      const { request: ready, additions, held } = prepareAtDoor(known, request);
      const planned = planReady({ request: ready, configuration, registry, isLoop: looped }, known, held);
      return additions === undefined ? planned : { ...planned, additions };
    },
    async *pages(request, { known, turn }) {
      const held = heldBy(request);
      if (held !== null) {
        const configuration = await cache.read(request.event.tenant, { fresh: true });
        return yield { plan: heldPlan(configuration, held), targets: 1, last: true };
      }
      const looped = await isLoop(request);
      const { targets, configuration } = await searchedTargets(options, request, turn);
      yield* planPages({ request, configuration, registry, isLoop: looped, targets: withoutKnown(targets, known), turn });
    },
  };
}

/** Plans an event that has been mapped. What enrichers look at first is left to a router: nobody who brings events waits for a service. */
function planReady(planning: Planning, known: CompiledTenant & CompiledEnrichments, held: NewDispatch | null): Planned {
  const { request, configuration } = planning;
  if (held !== null) return heldPlan(configuration, held);
  const finding = findTargets(known, request, planning);
  if (request.automation === undefined && known.liveEnrichmentsFor(request.event.type).length > 0) {
    const inOrder = 'search' in finding ? finding.hasOrdering : isOrdered(finding.targets);
    return { postponed: true, revision: configuration.revision, inOrder };
  }
  return planAtOnce(planning, finding);
}

const heldPlan = ({ revision }: TenantConfiguration, held: NewDispatch): Plan => ({
  revision,
  considered: [],
  runs: [],
  dispatches: [held],
});

const isOrdered = ({ automations }: Targets): boolean => automations.some(({ ordering }) => ordering !== null);

/** Plans all targets, or none where they are too many or too dear together, or one has an ordering key. One alone is never too dear: its own limits bound it. */
function planAtOnce(planning: Planning, finding: Finding): Plan | Postponed {
  const { request, configuration } = planning;
  const { revision } = configuration;
  const draft = emptyDraft(configuration);
  if ('search' in finding) {
    if (finding.search.run(doorFuel, mostAtOnce) !== 'done') return { postponed: true, revision, inOrder: finding.hasOrdering };
    draft.use.steps += finding.search.use.steps;
    draft.use.bytes += finding.search.use.bytes;
    considerRest(draft);
  }
  const targets = 'search' in finding ? finding.found() : finding.targets;
  const count = countTargets(targets);
  const isWhole = request.automation !== undefined;
  const postponed: Postponed = { postponed: true, revision, inOrder: isOrdered(targets) };
  if (count > mostAtOnce && !isWhole) return postponed;
  const planTarget = planTargets(planning, targets);
  for (let index = 0; index < count; index += 1) {
    if (isSpent(draft.use, doorFuel) && !isWhole) return postponed;
    planTarget(index, draft);
  }
  // Its number is taken when it is routed, in the order of the marks.
  return !isWhole && draft.plan.dispatches.some(({ ordering }) => ordering !== null) ? postponed : draft.plan;
}

/** The targets by the configuration that holds now. Others have their turns while it is searched. */
async function searchedTargets(
  { cache, compiled, registry }: PlannerOptions,
  request: PlanRequest,
  turn: () => Promise<void>,
): Promise<{ readonly targets: Targets; readonly configuration: TenantConfiguration }> {
  for (let searches = 1; ; searches += 1) {
    const configuration = await cache.read(request.event.tenant, { fresh: true });
    const finding = findTargets(compiled.of(configuration), request, { configuration, registry });
    if (!('search' in finding)) return { configuration, targets: finding.targets };
    const { search } = finding;
    const paused = searches < mostSearches;
    let state = search.run(paused ? sliceEnd(search.use) : endless);
    while (state === 'spent') {
      await turn();
      state = search.run(sliceEnd(search.use));
    }
    if (state === 'done') return { configuration, targets: finding.found() };
  }
}

const endless = { steps: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

function withoutKnown({ automations, broken, ...others }: Targets, known: ReadonlySet<string>): Targets {
  const isNew = ({ id }: { readonly id: string }): boolean => !known.has(id);
  return { automations: automations.filter(isNew), broken: broken.filter(isNew), ...others };
}
