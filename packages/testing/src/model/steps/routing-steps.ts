import type { EventMark, RoutingPage } from '@patchbay/core/adapter';
import { boolean, constantFrom, integer, record } from 'fast-check';
import { expect } from 'vitest';
import { automations, chosenDispatch, dispatchChoices, earlier, holders, rarely, ticks } from '../choices.ts';
import { type Model, type ModelMark, type ModelRoot, type ModelStage, modelRevision, modelRoot, pick } from '../model.ts';
import { addDispatch, addRun } from '../model-changes.ts';
import { type ChoiceOf, type Step, step } from '../step.ts';
import { learnRevision } from './ingest-steps.ts';

type Marked = ModelRoot & { readonly mark: ModelMark };

const isMarked = (root: ModelRoot): root is Marked => root.mark !== null;

/** The only one of a tenant's marks in order that may be routed. */
const firstInOrder = (open: readonly Marked[], tenant: string): Marked | undefined =>
  open.find((root) => root.tenant === tenant && root.mark.inOrder);

/** Leases marks: the oldest that nobody holds. */
export const claimMarksStep: Step = step(
  'claim marks',
  record({ holder: holders, limit: integer({ min: 0, max: 3 }), ttlMs: ticks(1, 2) }),
  async (model, { storage }, request) => {
    const marks = await storage.claimMarks(request);
    const open = model.roots.filter(isMarked).filter(({ mark }) => !mark.ended);
    const waiting = open
      .filter((root) => !root.mark.inOrder || root === firstInOrder(open, root.tenant))
      .filter(({ mark }) => mark.leaseUntil === null || mark.leaseUntil <= model.now);
    const expected = waiting.slice(0, request.limit);
    expect(marks.map(({ tenant, root }) => [tenant, root])).toEqual(expected.map(({ tenant, id }) => [tenant, id]));
    for (const [index, { mark, considered, id }] of expected.entries()) {
      const found = marks[index];
      expect(found).toMatchObject({ routed: mark.routed, event: { id, considered } });
      expect(found?.fence).toBeGreaterThan(mark.fence);
      mark.fence = found?.fence ?? mark.fence;
      mark.leaseUntil = model.now + request.ttlMs;
    }
    model.marks.push(...marks);
  },
);

const pageChoice = record({
  which: earlier,
  from: constantFrom('right', 'right', 'right', 'wrong'),
  dispatches: dispatchChoices,
  last: boolean(),
  outdated: rarely,
  automation: constantFrom(...automations),
});

type PageChoice = ChoiceOf<typeof pageChoice>;

function chosenPage(model: Model, mark: EventMark, choice: PageChoice): RoutingPage {
  const { tenant, root, fence } = mark;
  const from = (modelRoot(model, mark)?.mark?.routed ?? 0) + Number(choice.from === 'wrong');
  const target = `automation:${choice.automation}`;
  const revision = modelRevision(model, tenant);
  return {
    tenant,
    root,
    fence,
    revision: choice.outdated ? { ...revision, hub: revision.hub + 1 } : revision,
    from,
    to: from + 1,
    considered: [{ automation: choice.automation, version: 1, matched: true }],
    runs: [
      {
        key: { tenant, root, automation: choice.automation, replay: 0 },
        automationName: 'triage',
        version: 1,
        status: 'running',
        state: '{}',
        error: null,
      },
    ],
    dispatches: choice.dispatches.map((one) => chosenDispatch(one, { tenant, root, target, replay: 0 })),
    last: choice.last,
  };
}

function recorded(model: Model, page: RoutingPage): string {
  const root = modelRoot(model, page);
  if (root === undefined || !isMarked(root) || root.mark.fence !== page.fence) return 'fenced';
  const { mark } = root;
  const { lastPage } = mark;
  if (lastPage?.from === page.from && lastPage.to === page.to && lastPage.fence === page.fence) return 'done';
  if (mark.ended) return 'fenced';
  const revision = modelRevision(model, page.tenant);
  if (page.from !== mark.routed || page.revision.hub !== revision.hub || page.revision.tenant !== revision.tenant) return 'stale';
  mark.routed = page.to;
  mark.lastPage = { from: page.from, to: page.to, fence: page.fence };
  mark.ended = page.last;
  root.considered = [...root.considered, ...page.considered];
  for (const run of page.runs) addRun(root, run, model);
  for (const dispatch of page.dispatches) addDispatch(root, dispatch, model);
  return 'done';
}

async function recordPage(model: Model, { storage }: ModelStage, page: RoutingPage): Promise<void> {
  expect(await storage.recordRouting([page])).toEqual([{ status: recorded(model, page) }]);
  for (const run of page.runs) await learnRevision(model, storage, run.key);
  model.pages.push(page);
}

/** A page of a mark that was handed out before, current or not. */
export const routingStep: Step = step(
  'record routing',
  pageChoice,
  async (model, stage, choice) => {
    const mark = pick(model.marks, choice.which);
    if (mark !== undefined) await recordPage(model, stage, chosenPage(model, mark, choice));
  },
  (model) => model.marks.length > 0,
);

/** A page that was sent before, as if its answer had been lost. */
export const routingAgainStep: Step = step(
  'record routing again',
  earlier,
  async (model, stage, choice) => {
    const page = pick(model.pages, choice);
    if (page !== undefined) await recordPage(model, stage, page);
  },
  (model) => model.pages.length > 0,
);
