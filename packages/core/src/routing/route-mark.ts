import type { Clock } from '../clock/clock.ts';
import { formatRunId } from '../contracts/dispatch-id.ts';
import type { NewRun } from '../contracts/dispatch-records.ts';
import type { EventMark, HotStore } from '../contracts/hot-store.ts';
import type { Planner } from '../contracts/planner.ts';
import { decodePayload } from '../events/decode-payload.ts';
import type { Notify } from '../notices/notices.ts';
import { type MarkPlace, pagesOfPlan } from './pages-of-plan.ts';

/** What routing one event needs. */
export interface RouteOptions {
  readonly storage: Pick<HotStore<unknown>, 'recordRouting'>;
  readonly planner: Planner;
  readonly notify: Notify;
  readonly clock: Pick<Clock, 'now'>;
}

/** Plans of one mark in a row. Beyond it the mark stays, and is claimed again when its lease ends. */
const mostPlans = 5;

/** Plans a marked event and writes the plan page by page; a page that is stale, because the configuration has moved, is planned anew. */
export async function routeMark(options: RouteOptions, mark: EventMark): Promise<void> {
  const { event } = mark;
  const request = { event, data: decodePayload(event.data) };
  let place: MarkPlace = { ...mark, considered: event.considered };
  for (let plans = 0; plans < mostPlans; plans += 1) {
    const plan = await options.planner.plan(request, { fresh: true });
    const written = await writePages(options, plan, place);
    if (written.end === 'over') return;
    place = written.place;
  }
}

type Written = { readonly end: 'over' } | { readonly end: 'stale'; readonly place: MarkPlace };

async function writePages(options: RouteOptions, plan: Parameters<typeof pagesOfPlan>[0], start: MarkPlace): Promise<Written> {
  let place = start;
  for (const page of pagesOfPlan(plan, start)) {
    const [verdict] = await options.storage.recordRouting([page]);
    if (verdict?.status === 'stale') return { end: 'stale', place };
    // Another process has it now, or it was over already.
    if (verdict?.status !== 'done') return { end: 'over' };
    for (const run of page.runs) giveNotice(options, run);
    place = { ...place, routed: page.to, considered: [...place.considered, ...page.considered] };
  }
  return { end: 'over' };
}

/** A run whose first input cannot be rendered has ended before it began. */
function giveNotice({ notify, clock }: RouteOptions, { key, status }: NewRun): void {
  if (status !== 'running')
    notify('run.finished', { tenant: key.tenant, runId: formatRunId(key), automation: key.automation, status, at: clock.now() });
}
