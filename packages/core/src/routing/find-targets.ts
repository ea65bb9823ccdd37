import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { ownEventOf } from '../automation/trigger-event.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { PlanRequest } from '../contracts/planner.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { toHubEvent } from '../events/build-event.ts';
import type { RuleSearch } from '../rules/matching/rule-search.ts';
import type { CompiledTenant } from './compiled-tenant.ts';
import { contentsDeletedBy } from './content-deletes.ts';
import type { Planning, Targets } from './plan-targets.ts';

/** Most automations of one type that are each asked for themselves, and written down whether or not they match. */
const fewAutomations = 64;

/** What an event may bring about: known at once, or searched for among very many automations. */
export type Finding =
  | { readonly targets: Targets }
  | {
      readonly search: RuleSearch<CompiledAutomation>;
      /** One of the automations of this type has an ordering key. */
      readonly hasOrdering: boolean;
      /** The targets, once the search is done. */
      readonly found: () => Targets;
    };

/** Finds the targets of an event, or begins to search for them. */
export function findTargets(
  tenant: CompiledTenant,
  request: PlanRequest,
  { configuration, registry }: Pick<Planning, 'configuration' | 'registry'>,
): Finding {
  const { event, automation, data } = request;
  const others = {
    subscribers: tenant.subscribersFor(event.type),
    endpoints: tenant.endpointsFor(event.type),
    isAwaited: tenant.awaits(event.type),
    contents: contentsDeletedBy(event, { configuration, registry }),
  };
  if (automation !== undefined) return { targets: { automations: [started(tenant, automation, event.type)], broken: [], ...others } };
  const rules = tenant.rulesFor(event.type);
  const broken = rules?.broken() ?? [];
  const routed = (targets: Targets): Targets => routedTo(targets, request, configuration);
  if (rules === undefined || rules.size <= fewAutomations)
    return { targets: routed({ automations: rules?.automations() ?? [], broken, ...others }) };
  const search = rules.index().search({ event: toHubEvent(event, data) });
  return {
    search,
    hasOrdering: rules.hasOrdering(),
    found: () => routed({ automations: search.found(), isSearched: true, broken, ...others }),
  };
}

/** Leaves those automations to which the registration that brought the event sends it, where it says to which. */
function routedTo(targets: Targets, { event }: PlanRequest, configuration: TenantConfiguration): Targets {
  const only = event.receipt && configuration.registration(event.receipt.registration)?.value.rules?.automations;
  if (!only) return targets;
  const isMeant = ({ id }: { readonly id: string }): boolean => only.includes(id);
  return { ...targets, automations: targets.automations.filter(isMeant), broken: targets.broken.filter(isMeant) };
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
