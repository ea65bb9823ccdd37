import { describe, expect, it } from 'vitest';
import type { PlanPage } from '../contracts/planner.ts';
import { buildEvent } from '../events/build-event.ts';
import type { Json } from '../json/json.ts';
import { automationRow, configurationOf, ids, registryOf, sampleConnector } from './__fixtures__/sample-tenant.ts';
import { compileTenant } from './compiled-tenant.ts';
import { planPages } from './plan-pages.ts';
import type { Targets } from './plan-targets.ts';
import { tenantRules } from './tenant-rules.ts';

const step = { id: 'look', action: 'desk.look', connection: 'main', input: { all: '{{ event.data.text }}' } };
const plain: Json = { trigger: { event: 'order.placed' }, steps: [{ ...step, input: {} }] };
const copying: Json = { trigger: { event: 'order.placed' }, steps: [step] };
const dear: Json = {
  trigger: { event: 'order.placed' },
  when: { cel: 'event.data.list.all(a, event.data.list.all(b, a + b >= 0.0))' },
  steps: [step],
};
const unreadable: Json = { trigger: { event: 'order.placed' }, steps: [{ id: 'wait', action: 'flow.delay' }] };

const idOf = (index: number): string => `${ids.other.slice(0, -6)}${String(index).padStart(6, '0')}`;
const event = buildEvent({
  tenant: 'acme',
  id: ids.event,
  type: 'order.placed',
  time: 0,
  class: 'custom',
  severity: 'info',
  data: new TextEncoder().encode('{}'),
});

/** Pages of as many automations with this definition, and subscribers; and how often a turn was awaited. */
async function pagesOf(definition: Json, count: number, options: { readonly data?: Json; readonly subscribers?: number } = {}) {
  const rows = Array.from({ length: count }, (_, index) => automationRow(definition, { id: idOf(index), name: `n${index}` }));
  const subscribers = Array.from({ length: options.subscribers ?? 0 }, (_, index) => ({ name: `s${index}`, pattern: '*' }));
  const configuration = configurationOf(rows, { subscribers });
  const tenant = compileTenant(
    configuration,
    tenantRules('acme', () => new Map()),
  );
  const targets: Targets = {
    automations: tenant.automationsFor('order.placed'),
    broken: tenant.brokenFor('order.placed'),
    subscribers: tenant.subscribersFor('order.placed'),
    endpoints: [],
    isAwaited: false,
    contents: [],
  };
  const planning = {
    request: { event, data: options.data ?? {} },
    configuration,
    registry: registryOf(sampleConnector('desk')),
    isLoop: false,
  };
  const pages: PlanPage[] = [];
  let turns = 0;
  const turn = async () => {
    turns += 1;
  };
  for await (const page of planPages({ ...planning, targets, turn })) pages.push(page);
  return { pages, turns };
}

const shape = (pages: readonly PlanPage[]) => pages.map(({ targets, last }) => [targets, last]);

describe('the pages of a plan', () => {
  it('are one, the last, where nothing is to be looked at', async () => {
    const { pages, turns } = await pagesOf(plain, 0);
    expect(shape(pages)).toEqual([[0, true]]);
    expect(turns).toBe(0);
  });

  it('hold 500 targets at most, each once and in order, and what became of it in its own page', async () => {
    const { pages } = await pagesOf(plain, 700, { subscribers: 400 });
    expect(shape(pages)).toEqual([
      [500, false],
      [500, false],
      [100, true],
    ]);
    const considered = pages.flatMap(({ plan }) => plan.considered.map(({ automation }) => automation));
    expect(considered).toEqual(Array.from({ length: 700 }, (_, index) => idOf(index)));
    for (const { plan } of pages)
      expect(plan.runs.map(({ key }) => key.automation)).toEqual(plan.considered.map(({ automation }) => automation));
    const calls = pages.flatMap(({ plan }) => plan.dispatches.filter(({ handler }) => handler.startsWith('subscriber:')));
    expect(calls.map(({ operation }) => operation)).toEqual(Array.from({ length: 400 }, (_, index) => `s${index}`));
  });

  it('count what begins no dispatch, so that each has a place of its own', async () => {
    const { pages } = await pagesOf(unreadable, 600);
    expect(shape(pages)).toEqual([
      [500, false],
      [100, true],
    ]);
    expect(pages.flatMap(({ plan }) => plan.dispatches)).toEqual([]);
    expect(pages.flatMap(({ plan }) => plan.runs)).toHaveLength(600);
  });

  it('end where their inputs are large together, and no input is lost', async () => {
    const { pages } = await pagesOf(copying, 50, { data: { text: 'x'.repeat(900_000) } });
    expect(pages.length).toBeGreaterThan(5);
    const inputs = pages.map(({ plan }) => plan.dispatches.reduce((sum, { input }) => sum + (input?.length ?? 0), 0));
    for (const size of inputs) expect(size).toBeLessThan(8 * 1_048_576);
    expect(pages.flatMap(({ plan }) => plan.dispatches)).toHaveLength(50);
  });

  it('end where their conditions are dear together, and each is decided by itself', async () => {
    const { pages } = await pagesOf(dear, 100, { data: { list: Array.from({ length: 400 }, (_, index) => index), text: 'x' } });
    expect(pages.length).toBeGreaterThan(1);
    for (const { targets } of pages) expect(targets).toBeLessThanOrEqual(64);
    expect(pages.flatMap(({ plan }) => plan.considered)).toHaveLength(100);
    expect(pages.flatMap(({ plan }) => plan.considered.filter(({ matched }) => matched))).toEqual([]);
  });

  it('leave a turn after 64 targets, and after each that is dear', async () => {
    expect((await pagesOf(plain, 200)).turns).toBe(3);
    expect((await pagesOf(dear, 10, { data: { list: Array.from({ length: 400 }, (_, index) => index) } })).turns).toBe(9);
  });
});
