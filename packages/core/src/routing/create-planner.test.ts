import { describe, expect, it } from 'vitest';
import { buildEvent } from '../events/build-event.ts';
import type { Json } from '../json/json.ts';
import { automationRow, configurationOf, ids, registryOf, sampleConnector } from './__fixtures__/sample-tenant.ts';
import { compiledConfigurations } from './compiled-configurations.ts';
import { createPlanner } from './create-planner.ts';

const step = { id: 'look', action: 'desk.look', connection: 'main', input: { all: '{{ event.data.text }}' } };
const onOrder = { trigger: { event: 'order.placed' }, steps: [step] };
const byHand = { trigger: { manual: true }, steps: [step] };
const idOf = (index: number): string => `${ids.other.slice(0, -6)}${String(index).padStart(6, '0')}`;

/** A planner for a tenant with so many automations and subscribers. */
function plannerOf(definition: Json, count: number, subscribers = 0) {
  const rows = Array.from({ length: count }, (_, index) => automationRow(definition, { id: idOf(index), name: `n${index}` }));
  const names = Array.from({ length: subscribers }, (_, index) => ({ name: `s${index}`, pattern: '*' }));
  const configuration = configurationOf(rows, { revision: 7, subscribers: names });
  const cache = { peek: () => configuration, read: async () => configuration };
  return createPlanner({
    cache: cache as unknown as Parameters<typeof createPlanner>[0]['cache'],
    registry: registryOf(sampleConnector('desk')),
    compiled: compiledConfigurations(),
    history: { event: async () => null },
  });
}

const request = (text = 'x', type = 'order.placed') => ({
  event: buildEvent({
    tenant: 'acme',
    id: ids.event,
    type,
    time: 0,
    class: 'custom',
    severity: 'info',
    data: new TextEncoder().encode('{}'),
  }),
  data: { text },
});

const postponed = { postponed: true, revision: { hub: 1, tenant: 7 }, inOrder: false };

describe('a plan at the door', () => {
  it('holds 64 targets, subscribers among them, and is postponed for one more', async () => {
    expect(await plannerOf(onOrder, 60, 4).plan(request(), { fresh: false })).toMatchObject({
      runs: { length: 60 },
      dispatches: { length: 64 },
    });
    expect(await plannerOf(onOrder, 60, 5).plan(request(), { fresh: false })).toEqual(postponed);
    expect(await plannerOf(onOrder, 0, 65).plan(request(), { fresh: true })).toEqual(postponed);
  });

  it('is postponed where its inputs are large together, and never for one automation alone', async () => {
    const large = request('x'.repeat(900_000));
    expect(await plannerOf(onOrder, 1).plan(large, { fresh: false })).toMatchObject({ dispatches: { length: 1 } });
    expect(await plannerOf(onOrder, 10).plan(large, { fresh: false })).toEqual(postponed);
  });

  it('is postponed, to be routed in order, where something of it has an ordering key', async () => {
    const ordering = { key: '{{ event.data.text }}' };
    const ordered = { ...onOrder, ordering };
    expect(await plannerOf(ordered, 1).plan(request(), { fresh: false })).toEqual({ ...postponed, inOrder: true });
    expect(await plannerOf(ordered, 65).plan(request(), { fresh: false })).toEqual({ ...postponed, inOrder: true });
    expect(await plannerOf({ ...ordered, when: { cel: 'false' } }, 1).plan(request(), { fresh: false })).toMatchObject({ runs: [] });
    const manual = { ...request('x', 'manual.requested'), automation: idOf(0) };
    const plan = await plannerOf({ ...byHand, ordering }, 1).plan(manual, { fresh: false });
    expect(plan).toMatchObject({ dispatches: [{ ordering: { key: 'x', onDead: 'skip' } }] });
  });

  it.each([
    ['{{ event.data.absent }}', 'x', 'expression_failed'],
    ['{{ event.data }}', 'x', 'invalid_input'],
    ['{{ event.data.text }}', '', 'invalid_input'],
    ['{{ event.data.text }}', 'x'.repeat(201), 'invalid_input'],
    ['{{ event.data.text }}', 'a\u0000', 'invalid_input'],
    ['{{ event.data.text }}', 'a\ud800', 'invalid_input'],
  ])('of a run whose ordering key cannot be worked out sends nothing: %#', async (key, text, code) => {
    const plan = await plannerOf({ ...onOrder, ordering: { key } }, 1).plan(request(text), { fresh: false });
    const error = { code, message: expect.stringContaining('ordering key') };
    expect(plan).toMatchObject({ runs: [{ status: 'failed', error }], dispatches: [] });
  });

  it('is made for the automation that is asked for, however much else there is', async () => {
    const manual = { ...request('x'.repeat(900_000), 'manual.requested'), automation: idOf(3) };
    const plan = await plannerOf(byHand, 100, 100).plan(manual, { fresh: false });
    expect(plan).toMatchObject({ considered: [{ automation: idOf(3), matched: true }], runs: { length: 1 }, dispatches: { length: 101 } });
  });

  it('is made for the automation that is asked for, though it spends all there is and fails', async () => {
    const all = Array.from({ length: 10 }, () => '{{ event.data.text }}');
    const manual = { ...request('x'.repeat(900_000), 'manual.requested'), automation: idOf(0) };
    const plan = await plannerOf({ ...byHand, steps: [{ ...step, input: { all } }] }, 1, 2).plan(manual, { fresh: false });
    expect(plan).toMatchObject({ runs: [{ status: 'failed', error: { code: 'fuel_exhausted' } }], dispatches: { length: 2 } });
  });

  it('goes on, page by page, with automations that are not known already', async () => {
    const known = new Set([idOf(0), idOf(2)]);
    const considered: string[] = [];
    for await (const { plan } of plannerOf(onOrder, 4, 1).pages(request(), { known, turn: async () => {} }))
      considered.push(...plan.considered.map(({ automation }) => automation), ...plan.dispatches.map(({ handler }) => handler));
    expect(considered).toEqual([idOf(1), idOf(3), 'action:desk@1', 'action:desk@1', 'subscriber:s0']);
  });
});
