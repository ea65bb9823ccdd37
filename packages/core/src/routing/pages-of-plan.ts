import type { Considered, NewDispatch, NewRun } from '../contracts/dispatch-records.ts';
import type { EventMark, Plan, RoutingPage } from '../contracts/hot-store.ts';

/** Dispatches in one page, and runs. */
const pageSize = 500;

/** Where a mark stands: what has been written of the plans before this one. */
export type MarkPlace = Pick<EventMark, 'tenant' | 'root' | 'fence' | 'routed'> & { readonly considered: readonly Considered[] };

/**
 * The pages of a plan, behind what the mark has. They begin with the whole plan, also where pages of an earlier one are stored: the plan
 * may have another order by now, and what is stored already is left as it is. A run stands in the page of its dispatches.
 */
export function pagesOfPlan(plan: Plan, mark: MarkPlace, size = pageSize): readonly RoutingPage[] {
  const groups = groupsOf(plan, size);
  const known = new Set(mark.considered.map(({ automation }) => automation));
  let from = mark.routed;
  return groups.map(({ runs, dispatches }, index) => {
    const page: RoutingPage = {
      tenant: mark.tenant,
      root: mark.root,
      fence: mark.fence,
      revision: plan.revision,
      from,
      to: from + dispatches.length,
      considered: index === 0 ? plan.considered.filter(({ automation }) => !known.has(automation)) : [],
      runs,
      dispatches,
      last: index === groups.length - 1,
    };
    from = page.to;
    return page;
  });
}

interface Group {
  readonly runs: NewRun[];
  readonly dispatches: NewDispatch[];
}

function groupsOf({ runs, dispatches }: Plan, size: number): readonly Group[] {
  const targets = new Map(runs.map((run): [string, Group] => [`automation:${run.key.automation}`, { runs: [run], dispatches: [] }]));
  const units = [...targets.values()];
  for (const dispatch of dispatches) {
    const unit = targets.get(dispatch.key.target);
    if (unit) unit.dispatches.push(dispatch);
    else units.push({ runs: [], dispatches: [dispatch] });
  }
  const groups: Group[] = [{ runs: [], dispatches: [] }];
  for (const unit of units) {
    let group = groups.at(-1);
    if (!group || group.dispatches.length + unit.dispatches.length > size || group.runs.length + unit.runs.length > size) {
      group = { runs: [], dispatches: [] };
      groups.push(group);
    }
    group.runs.push(...unit.runs);
    group.dispatches.push(...unit.dispatches);
  }
  return groups;
}
