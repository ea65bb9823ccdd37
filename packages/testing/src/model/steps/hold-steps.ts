import type { Held } from '@patchbay/core/adapter';
import { array, boolean, constantFrom, record } from 'fast-check';
import { expect } from 'vitest';
import { earlier, holders, ticks } from '../choices.ts';
import { allDispatches, type Model, type ModelDispatch, modelDispatch, pick } from '../model.ts';
import { markInFlight, unlease } from '../model-changes.ts';
import { type Step, step } from '../step.ts';

/** The dispatch that this lease still holds. */
export function heldDispatch(model: Model, held: Held & { readonly key: ModelDispatch['given']['key'] }): ModelDispatch | undefined {
  const dispatch = modelDispatch(model, held.key);
  return dispatch?.status === 'leased' && dispatch.fence === held.fence ? dispatch : undefined;
}

/** Leases that were handed out before, current or not. */
const chosenLeases = (model: Model, choices: readonly number[]) =>
  choices
    .flatMap((choice) => pick(model.claimed, choice) ?? [])
    .map(({ key, handle, fence }) => ({ tenant: key.tenant, handle, fence, key }));

const someClaimed = (model: Model): boolean => model.claimed.length > 0;

/** Marks leases as in flight, current ones and old ones. */
export const beginStep: Step = step(
  'begin',
  array(earlier, { minLength: 1, maxLength: 3 }),
  async (model, { storage }, choices) => {
    const items = chosenLeases(model, choices);
    const verdicts = await storage.begin(items.map(({ key: _, ...held }) => held));
    const expected = items.map((item) => {
      const dispatch = heldDispatch(model, item);
      if (dispatch !== undefined) markInFlight(model, dispatch);
      return { status: dispatch === undefined ? 'fenced' : 'done' };
    });
    expect(verdicts).toEqual(expected);
  },
  someClaimed,
);

const deferChoice = record({ which: earlier, delayMs: ticks(0, 2), reason: constantFrom('drain', 'rate_limited'), nothingSent: boolean() });

function deferred(
  model: Model,
  item: Held & { readonly key: ModelDispatch['given']['key'] },
  choice: { delayMs: number; reason: string; nothingSent: boolean },
): string {
  const dispatch = heldDispatch(model, item);
  if (dispatch === undefined) {
    const last = modelDispatch(model, item.key)?.last;
    return last?.by === 'defer' && last.fence === item.fence ? 'done' : 'fenced';
  }
  if (choice.nothingSent && dispatch.markedFirst) dispatch.sent = false;
  unlease(dispatch);
  dispatch.status = 'pending';
  dispatch.dueAt = model.now + choice.delayMs;
  dispatch.reason = choice.reason;
  dispatch.last = { by: 'defer', fence: item.fence };
  return 'done';
}

/** Gives leases back, current ones and old ones. */
export const deferStep: Step = step(
  'defer',
  array(deferChoice, { minLength: 1, maxLength: 2 }),
  async (model, { storage }, choices) => {
    const items = choices.flatMap(({ which, ...rest }) => chosenLeases(model, [which]).map((held) => ({ ...held, ...rest })));
    const verdicts = await storage.defer(items.map(({ key: _, ...item }) => item));
    expect(verdicts).toEqual(items.map((item) => ({ status: deferred(model, item, item) })));
  },
  someClaimed,
);

/** Extends everything that one worker holds. */
export const extendStep: Step = step('extend', record({ holder: holders, ttlMs: ticks(1, 3) }), async (model, { storage }, request) => {
  const extended = await storage.extend(request);
  const held = allDispatches(model).filter(
    ({ status, holder, leaseUntil }) => status === 'leased' && holder === request.holder && leaseUntil > model.now,
  );
  const names = (list: readonly Held[]): string[] =>
    list.map(({ tenant, handle, fence }) => JSON.stringify([tenant, handle, fence])).sort();
  expect(names(extended)).toEqual(
    names(held.map(({ given, handle, fence }) => ({ tenant: given.key.tenant, handle: handle ?? '', fence }))),
  );
  for (const dispatch of held) dispatch.leaseUntil = model.now + request.ttlMs;
});
