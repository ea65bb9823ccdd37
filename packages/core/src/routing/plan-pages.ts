import type { PlanPage } from '../contracts/planner.ts';
import { considerRest, countTargets, emptyDraft, type Planning, planTargets, type Targets } from './plan-targets.ts';
import { isSpent, pageFuel, sliceEnd } from './planning-fuel.ts';

/** Most targets in one page. Each makes one dispatch at most, and a store takes 500 in a page. */
const pageSize = 500;

/** Targets that are looked at in one turn of the event loop, however cheap they are. */
const sliceSize = 64;

/** What is planned in pages; `turn` is awaited between slices. */
export interface PagePlanning extends Planning {
  readonly targets: Targets;
  readonly turn: () => Promise<void>;
}

/**
 * Plans an event's targets page by page, in their order, each page with fuel of its own. What an automation is considered to be stands in
 * the page of its run, so that what has been written need not be planned again.
 */
export async function* planPages({ targets, turn, ...planning }: PagePlanning): AsyncGenerator<PlanPage> {
  const count = countTargets(targets);
  const planTarget = planTargets(planning, targets);
  let first = 0;
  do {
    const draft = emptyDraft(planning.configuration);
    if (targets.isSearched === true && first === 0) considerRest(draft);
    let next = first;
    let slice = { end: next + sliceSize, until: sliceEnd(draft.use) };
    while (next < count && next - first < pageSize && !isSpent(draft.use, pageFuel)) {
      if (next === slice.end || isSpent(draft.use, slice.until)) {
        await turn();
        slice = { end: next + sliceSize, until: sliceEnd(draft.use) };
      }
      planTarget(next, draft);
      next += 1;
    }
    yield { plan: draft.plan, targets: next - first, last: next === count };
    first = next;
  } while (first < count);
}
