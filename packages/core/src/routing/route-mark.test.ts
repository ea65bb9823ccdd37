import { describe, expect, it } from 'vitest';
import type { Considered, NewRun } from '../contracts/dispatch-records.ts';
import type { EventMark, RoutingPage } from '../contracts/hot-store.ts';
import type { PlanPage } from '../contracts/planner.ts';
import { buildEvent } from '../events/build-event.ts';
import { ids } from './__fixtures__/sample-tenant.ts';
import { routeMark } from './route-mark.ts';

const built = buildEvent({
  tenant: 'acme',
  id: ids.event,
  type: 'order.placed',
  time: 0,
  class: 'custom',
  severity: 'info',
  data: new TextEncoder().encode('{}'),
});
const markOf = (routed = 0, considered: readonly Considered[] = []): EventMark => ({
  tenant: 'acme',
  root: ids.event,
  fence: 7,
  routed,
  event: { ...built, storedAt: 0, considered },
});

const run = (automation: string): NewRun => ({
  key: { tenant: 'acme', root: ids.event, automation, replay: 0 },
  automationName: automation,
  version: 1,
  status: 'failed',
  state: '{}',
  error: null,
});

/** Routes a mark whose automations are planned one a page; the store answers as given, then `done`. */
async function route(automations: readonly string[], answers: readonly ('done' | 'stale' | 'fenced')[] = [], mark = markOf()) {
  const left = [...answers];
  const written: RoutingPage[] = [];
  const asked: string[][] = [];
  const told: unknown[] = [];
  await routeMark(
    {
      storage: {
        recordRouting: async (pages) =>
          pages.map((page) => {
            const status = left.shift() ?? 'done';
            if (status === 'done') written.push(page);
            return { status };
          }),
      },
      planner: {
        async *pages(_request, { known }) {
          asked.push([...known]);
          const rest = automations.filter((automation) => !known.has(automation));
          for (const [index, automation] of rest.entries()) {
            const considered = [{ automation, version: 1, matched: true }];
            const plan = { revision: { hub: 1, tenant: 1 }, considered, runs: [run(automation)], dispatches: [] };
            yield { plan, targets: 1, last: index === rest.length - 1 } satisfies PlanPage;
          }
        },
      },
      completer: { complete: async (event) => ({ event, error: null }), mayWait: () => false },
      notify: (_name, notice) => void told.push(notice),
      clock: { now: () => 0, nextTurn: (callback) => callback() },
    },
    mark,
  );
  return { written: written.map(({ from, to, last, runs }) => [from, to, last, runs[0]?.automationName]), asked, told };
}

describe('routing a mark', () => {
  it('writes page by page, each behind the one before it', async () => {
    const { written, told } = await route(['a', 'b', 'c']);
    expect(written).toEqual([
      [0, 1, false, 'a'],
      [1, 2, false, 'b'],
      [2, 3, true, 'c'],
    ]);
    expect(told).toHaveLength(3);
  });

  it('goes on behind what another has written', async () => {
    const { written, asked } = await route(['a', 'b'], [], markOf(1, [{ automation: 'a', version: 1, matched: true }]));
    expect(asked).toEqual([['a']]);
    expect(written).toEqual([[1, 2, true, 'b']]);
  });

  it('plans what is left anew where a page is stale, and nothing of what is written', async () => {
    const { written, asked } = await route(['a', 'b', 'c'], ['done', 'stale', 'done']);
    expect(asked).toEqual([[], ['a']]);
    expect(written).toEqual([
      [0, 1, false, 'a'],
      [1, 2, false, 'b'],
      [2, 3, true, 'c'],
    ]);
  });

  it('leaves the mark to whoever has it now', async () => {
    const { written, asked, told } = await route(['a', 'b', 'c'], ['done', 'fenced']);
    expect([written.length, asked.length, told.length]).toEqual([1, 1, 1]);
  });

  it('leaves the mark for later where the configuration never rests', async () => {
    const { written, asked } = await route(
      ['a'],
      Array.from({ length: 10 }, () => 'stale' as const),
    );
    expect([written.length, asked.length]).toEqual([0, 5]);
  });
});
