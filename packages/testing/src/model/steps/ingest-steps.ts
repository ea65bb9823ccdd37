import type { ClaimedDispatch, IngestItem, IngestVerdict, NewRun, Plan, Revision } from '@patchbay/core/adapter';
import { array, boolean, constantFrom, option, record } from 'fast-check';
import { expect } from 'vitest';
import { automations, birthChoice, chosenDispatch, type DispatchChoice, dispatchChoices, earlier, rarely, tenants } from '../choices.ts';
import { expectDispatch } from '../expect-records.ts';
import {
  type Model,
  type ModelDispatch,
  type ModelRoot,
  type ModelStage,
  modelDispatch,
  modelRevision,
  modelRoot,
  modelRun,
  nextId,
  pick,
} from '../model.ts';
import { addDispatch, addRun, lease, stillBorn, toBeBorn } from '../model-changes.ts';
import { type ChoiceOf, type Step, step } from '../step.ts';

const itemChoice = record({
  tenant: tenants,
  shape: constantFrom('event', 'event', 'call', 'mark', 'replay'),
  key: option(record({ key: constantFrom('k0', 'k1', 'k2', 'k3'), hash: option(constantFrom('h0', 'h1')) }), { freq: 2 }),
  automation: option(constantFrom(...automations), { freq: 3 }),
  dispatches: dispatchChoices,
  birth: birthChoice,
  outdated: rarely,
  matched: boolean(),
  inOrder: boolean(),
});

type ItemChoice = ChoiceOf<typeof itemChoice>;

const newRun = (key: NewRun['key']): NewRun => ({ key, automationName: 'triage', version: 1, status: 'running', state: '{}', error: null });

function chosenPlan(model: Model, choice: ItemChoice, root: string, replay: number): Plan {
  const { tenant, automation } = choice;
  const revision = modelRevision(model, tenant);
  const target = automation === null ? 'call' : `automation:${automation}`;
  const dispatches = choice.dispatches.map((one: DispatchChoice) => chosenDispatch(one, { tenant, root, target, replay }));
  return {
    revision: choice.outdated ? { ...revision, tenant: revision.tenant + 1 } : revision,
    considered: automation === null ? [] : [{ automation, version: 1, matched: choice.matched }],
    runs: automation === null ? [] : [newRun({ tenant, root, automation, replay })],
    dispatches,
  };
}

function chosenEvent(tenant: string, id: string, serial: number): IngestItem['event'] {
  const bytes = new TextEncoder().encode(JSON.stringify({ serial }));
  const names = {
    tenant,
    id,
    type: 'github.issue.opened',
    source: `/tenants/${tenant}`,
    subject: null,
    time: serial,
    correlation: id,
    causation: null,
  };
  return { ...names, connection: null, class: 'record', severity: 'info', data: { codec: 'plain', bytes }, original: null, receipt: null };
}

function chosenItem(model: Model, choice: ItemChoice): IngestItem {
  const { tenant, shape } = choice;
  const before = shape === 'replay' ? model.roots.filter((root) => root.tenant === tenant).at(-1) : undefined;
  const root = before?.id ?? nextId(model);
  const replay =
    before === undefined
      ? 0
      : 1 + Math.max(0, ...before.runs.map((run) => run.given.key.replay), ...before.dispatches.map((one) => one.given.key.replay));
  const event = shape === 'event' || shape === 'mark' ? chosenEvent(tenant, root, model.serial) : null;
  const dedupe = before === undefined ? choice.key : { key: `replay:${root}:${replay}`, hash: null };
  const item = { tenant, root, dedupe, event, lease: choice.birth };
  return shape === 'mark' ? { ...item, plan: null, inOrder: choice.inOrder } : { ...item, plan: chosenPlan(model, choice, root, replay) };
}

interface Expected {
  readonly verdict: { readonly status: IngestVerdict['status']; readonly root?: string; readonly revision?: Revision };
  readonly leased: readonly ModelDispatch[];
  readonly isNew: boolean;
}

function guardedBy(model: Model, item: IngestItem): { readonly root: string; readonly hash: string | null } | undefined {
  if (item.dedupe !== null) return model.keys.find((seen) => seen.tenant === item.tenant && seen.key === item.dedupe?.key);
  return modelRoot(model, item) === undefined ? undefined : { root: item.root, hash: null };
}

function store(model: Model, item: IngestItem): ModelDispatch[] {
  const { tenant, plan } = item;
  const found = modelRoot(model, item);
  const mark = { inOrder: item.inOrder ?? false, fence: -1, leaseUntil: null, routed: 0, lastPage: null, ended: false };
  const made: ModelRoot = {
    tenant,
    id: item.root,
    event: item.event !== null,
    considered: plan?.considered ?? [],
    mark: plan === null ? mark : null,
    runs: [],
    dispatches: [],
  };
  const root = found ?? made;
  if (found === undefined) model.roots.push(made);
  if (item.dedupe !== null) model.keys.push({ tenant, root: item.root, ...item.dedupe });
  for (const run of plan?.runs ?? []) addRun(root, run, model);
  const added = (plan?.dispatches ?? [])
    .filter((dispatch) => addDispatch(root, dispatch, model))
    .flatMap(({ key }) => modelDispatch(model, key) ?? []);
  return toBeBorn(model, added, item.lease?.limit ?? 0);
}

/** What the store should answer; the model then holds what the store should hold. */
function take(model: Model, item: IngestItem): Expected {
  const seen = guardedBy(model, item);
  if (seen !== undefined) {
    if (seen.root === item.root)
      return { verdict: { status: 'created' }, leased: stillBorn(model, item.plan?.dispatches ?? [], item.lease?.holder), isNew: false };
    const differs = seen.hash !== null && item.dedupe?.hash != null && seen.hash !== item.dedupe.hash;
    return { verdict: { status: differs ? 'conflict' : 'duplicate', root: seen.root }, leased: [], isNew: false };
  }
  const revision = modelRevision(model, item.tenant);
  const planned = item.plan?.revision ?? revision;
  if (planned.hub !== revision.hub || planned.tenant !== revision.tenant)
    return { verdict: { status: 'moved', revision }, leased: [], isNew: false };
  return { verdict: { status: 'created' }, leased: store(model, item), isNew: true };
}

/** Stands for the lease that was not asked for. */
export const noLease = { holder: '', ttlMs: 0 };

/** A repeat answers what is still in its first lease; what another call bore under the same key may be among the expected. */
export function expectAmong(model: Model, expected: readonly ModelDispatch[], leased: readonly ClaimedDispatch[]): void {
  for (const claimed of leased) {
    const dispatch = modelDispatch(model, claimed.key);
    if (dispatch === undefined || !expected.includes(dispatch))
      throw new Error(`A repeated call hands out what is not its own: ${JSON.stringify(claimed.key)}`);
    expectDispatch(model, dispatch, claimed);
  }
}

/** Compares the dispatches that came leased with those expected, and leases the new ones in the model. */
export function expectLeased(
  model: Model,
  expected: readonly ModelDispatch[],
  leased: readonly ClaimedDispatch[],
  birth: { readonly holder: string; readonly ttlMs: number },
): void {
  expect(leased.map(({ key }) => key)).toEqual(expected.map(({ given }) => given.key));
  for (const [index, dispatch] of expected.entries()) {
    const claimed = leased[index];
    if (claimed === undefined) continue;
    lease(model, dispatch, claimed, birth);
    dispatch.born = birth.holder;
  }
}

async function ingest(model: Model, { storage }: ModelStage, items: readonly IngestItem[]): Promise<void> {
  const verdicts = await storage.ingest(items);
  expect(verdicts).toHaveLength(items.length);
  for (const [index, item] of items.entries()) {
    const { verdict, leased, isNew } = take(model, item);
    expect(verdicts[index]).toMatchObject(verdict);
    const found = verdicts[index];
    if (found?.status === 'created' && isNew) expectLeased(model, leased, found.leased, item.lease ?? noLease);
    else if (found?.status === 'created') expectAmong(model, leased, found.leased);
    for (const run of item.plan?.runs ?? []) await learnRevision(model, storage, run.key);
  }
  model.items.push(...items);
}

/** Notes the revision that the store gives to a run. */
export async function learnRevision(model: Model, storage: ModelStage['storage'], key: NewRun['key']): Promise<void> {
  const run = modelRun(model, key);
  if (run !== undefined) run.revision = (await storage.history.run(key))?.revision ?? run.revision;
}

/** New items, one to three in a batch. */
export const ingestStep: Step = step('ingest', array(itemChoice, { minLength: 1, maxLength: 3 }), async (model, stage, choices) => {
  await ingest(
    model,
    stage,
    choices.map((choice) => chosenItem(model, choice)),
  );
});

/** Items that were sent before, as if their answer had been lost, and one of them twice in the batch. */
export const ingestAgainStep: Step = step(
  'ingest again',
  array(earlier, { minLength: 1, maxLength: 3 }),
  async (model, stage, choices) => {
    const items = choices.flatMap((choice) => pick(model.items, choice) ?? []);
    await ingest(model, stage, [...items, ...items.slice(0, 1)]);
  },
  (model) => model.items.length > 0,
);
