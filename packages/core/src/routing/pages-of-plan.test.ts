import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewDispatch, NewRun } from '../contracts/dispatch-records.ts';
import type { Plan } from '../contracts/hot-store.ts';
import { ids } from './__fixtures__/sample-tenant.ts';
import { type MarkPlace, pagesOfPlan } from './pages-of-plan.ts';
import { subscriberDispatch } from './subscriber-dispatch.ts';

const root = ids.event;
const mark: MarkPlace = { tenant: 'acme', root, fence: 7, routed: 0, considered: [] };
const call = (name: string): NewDispatch => subscriberDispatch({ tenant: 'acme', root, name, replay: 0, replayKey: null });
const run = (automation: string, status: 'running' | 'failed' = 'running'): NewRun => ({
  key: { tenant: 'acme', root, automation, replay: 0 },
  automationName: automation,
  version: 1,
  status,
  state: '{}',
  error: null,
});
const stepOf = (automation: string): NewDispatch => ({
  ...call('x'),
  key: { tenant: 'acme', root, target: `automation:${automation}`, replay: 0, path: 'a' },
});

function planOf(runs: readonly string[], failed: readonly string[], subscribers: readonly string[]): Plan {
  return {
    revision: { hub: 1, tenant: 2 },
    considered: [...runs, ...failed].map((automation) => ({ automation, version: 1, matched: true })),
    runs: [...runs.map((name) => run(name)), ...failed.map((name) => run(name, 'failed'))],
    dispatches: [...runs.map(stepOf), ...subscribers.map(call)],
  };
}
const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('the pages of a plan', () => {
  it('is one, and the last, for a plan of nothing', () => {
    expect(pagesOfPlan(planOf([], [], []), mark)).toMatchObject([{ from: 0, to: 0, fence: 7, runs: [], dispatches: [], last: true }]);
  });

  it('continue where the mark stands, though they begin with the whole plan', () => {
    const pages = pagesOfPlan(planOf([], [], names('s', 3)), { ...mark, routed: 500 }, 2);
    expect(pages.map(({ from, to, last, dispatches }) => [from, to, last, dispatches.map(({ operation }) => operation)])).toEqual([
      [500, 502, false, ['s0', 's1']],
      [502, 503, true, ['s2']],
    ]);
  });

  it('tell each automation that was considered once, over all plans of a mark', () => {
    const [first, second] = pagesOfPlan(
      planOf(['a', 'b', 'c'], [], []),
      { ...mark, considered: [{ automation: 'b', version: 1, matched: false }] },
      2,
    );
    expect(first?.considered.map(({ automation }) => automation)).toEqual(['a', 'c']);
    expect(second?.considered).toEqual([]);
  });

  it('hold everything once, no page more than fits, and each run with its dispatch', () => {
    fc.assert(
      fc.property(fc.nat(12), fc.nat(12), fc.nat(30), fc.integer({ min: 1, max: 7 }), fc.nat(50), (runs, failed, calls, size, routed) => {
        const plan = planOf(names('r', runs), names('f', failed), names('s', calls));
        const pages = pagesOfPlan(plan, { ...mark, routed }, size);
        expect(
          pages
            .flatMap((page) => page.runs)
            .map(({ automationName }) => automationName)
            .toSorted(),
        ).toEqual(plan.runs.map(({ automationName }) => automationName).toSorted());
        expect(pages.flatMap((page) => page.dispatches).toSorted(byTarget)).toEqual([...plan.dispatches].sort(byTarget));
        expect(pages.filter(({ last }) => last)).toHaveLength(1);
        expect(pages.at(-1)?.last).toBe(true);
        let from = routed;
        for (const page of pages) {
          expect(page.dispatches.length).toBeLessThanOrEqual(size);
          expect(page.runs.length).toBeLessThanOrEqual(size);
          expect(page.from).toBe(from);
          from = page.to;
          const targets = new Set(page.dispatches.map(({ key }) => key.target));
          for (const { key, status } of page.runs) expect(targets.has(`automation:${key.automation}`)).toBe(status === 'running');
        }
      }),
    );
  });
});

function byTarget(left: NewDispatch, right: NewDispatch): number {
  return left.key.target < right.key.target ? -1 : left.key.target > right.key.target ? 1 : 0;
}
