import type { Clock } from '../clock/clock.ts';
import type { EventMark, HotStore, RoutingPage } from '../contracts/hot-store.ts';
import type { Planner, PlanPage } from '../contracts/planner.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { giveRunFinished } from '../events/give-run-finished.ts';
import type { Notify } from '../notices/notices.ts';
import { inSpan } from '../telemetry/in-span.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { SpanStart } from '../telemetry/tracing.ts';
import type { EventCompleter } from './create-event-completer.ts';

/** What routing one event needs. */
export interface RouteOptions {
  readonly storage: Pick<HotStore<unknown>, 'recordRouting'>;
  readonly planner: Pick<Planner, 'pages'>;
  /** What is to be known of an event before it is planned. */
  readonly completer: EventCompleter;
  readonly notify: Notify;
  readonly clock: Pick<Clock, 'nextTurn' | 'now'>;
  /** @default nobody is told */
  readonly telemetry?: Telemetry;
}

/** Plans of one mark in a row. Beyond it the mark stays, and is claimed again when its lease ends. */
const mostPlans = 5;

/** Where a mark stands: what has been written of its plan. */
interface MarkPlace {
  routed: number;
  /** Automations that need not be looked at again: what became of them was written with the word that they were. */
  readonly known: Set<string>;
}

/**
 * Plans a marked event and writes the plan page by page. Where a page is stale, because the configuration has moved, the rest is planned
 * anew; so it is by whoever claims a mark that was left half-way.
 */
export function routeMark(options: RouteOptions, mark: EventMark): Promise<void> {
  return inSpan(options.telemetry?.tracing, planSpan(mark), () => planMark(options, mark));
}

const planSpan =
  ({ root, tenant }: EventMark) =>
  (): SpanStart => ({
    name: 'plan',
    kind: 'internal',
    root,
    attributes: { 'patchbay.tenant': tenant },
  });

async function planMark(options: RouteOptions, mark: EventMark): Promise<void> {
  const { event } = await options.completer.complete(mark.event);
  const request = { event, data: decodePayload(event.data) };
  const place: MarkPlace = { routed: mark.routed, known: new Set(event.considered.map(({ automation }) => automation)) };
  const turn = (): Promise<void> => new Promise((resolve) => options.clock.nextTurn(resolve));
  for (let plans = 0; plans < mostPlans; plans += 1) {
    const pages = options.planner.pages(request, { known: new Set(place.known), turn });
    if ((await writePages(options, pages, { mark, place })) === 'over') return;
  }
}

async function writePages(
  options: RouteOptions,
  pages: AsyncIterable<PlanPage>,
  { mark, place }: { readonly mark: EventMark; readonly place: MarkPlace },
): Promise<'over' | 'stale'> {
  for await (const planned of pages) {
    const page = pageOf(planned, mark, place.routed);
    const [verdict] = await options.storage.recordRouting([page]);
    if (verdict?.status === 'stale') return 'stale';
    // Another process has it now, or it was over already.
    if (verdict?.status !== 'done') return 'over';
    for (const run of page.runs) giveRunFinished(options, run);
    for (const { automation } of page.considered) place.known.add(automation);
    place.routed = page.to;
  }
  return 'over';
}

/** The page as it is written. It counts targets, not dispatches: a page that begins none must still have another name than the next. */
function pageOf({ plan, targets, last }: PlanPage, { tenant, root, fence }: EventMark, from: number): RoutingPage {
  return { tenant, root, fence, from, to: from + targets, last, ...plan };
}
