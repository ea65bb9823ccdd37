import type { PageRequest } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import type { Scenario } from './stage.ts';

const everything: PageRequest = { cursor: null, limit: 500 };

/** What the history of one endpoint's deliveries promises, which are dispatches of one target. */
export function deliveryHistoryConcern(scenario: Scenario): void {
  describe('history of deliveries', () => {
    scenario(
      'selects the deliveries of an endpoint by operation, status and range of roots, open and ended, page by page',
      async (stage) => {
        const { samples, storage } = stage;
        const roots = Array.from({ length: 6 }, () => samples.newId());
        const delivery = (root: string, index: number, target: string) => {
          const { key, ...rest } = samples.dispatch(root);
          const operation = index % 2 === 0 ? 'github.push' : 'github.ping';
          return { ...rest, key: { ...key, target, path: 'deliver' }, handler: 'delivery', lane: target, operation };
        };
        for (const [index, root] of roots.entries()) {
          const targets = ['endpoint:one', 'endpoint:two'].map((target) => delivery(root, index, target));
          await storage.ingest([samples.call(root, [...targets, samples.dispatch(root)])]);
        }
        const claimed = await storage.claim(samples.claim({ handlers: ['delivery'], limit: 5 }));
        await storage.settle(claimed.map((dispatch) => samples.settle(dispatch, { to: 'dead' })));
        const select = async (filter: Parameters<typeof storage.history.dispatches>[1], page: Partial<PageRequest> = {}) =>
          storage.history.dispatches('acme', { target: 'endpoint:one', ...filter }, { ...everything, ...page });
        const rootsOf = async (filter: Parameters<typeof storage.history.dispatches>[1]) =>
          (await select(filter)).items.map(({ key }) => roots.indexOf(key.root));
        expect(await rootsOf({})).toEqual([5, 4, 3, 2, 1, 0]);
        expect(await rootsOf({ operation: 'github.push' })).toEqual([4, 2, 0]);
        const [from = '', below = ''] = [roots[1], roots[4]];
        expect(await rootsOf({ from, below })).toEqual([3, 2, 1]);
        const dead = claimed.filter(({ key }) => key.target === 'endpoint:one').map(({ key }) => roots.indexOf(key.root));
        expect((await rootsOf({ status: 'dead' })).toSorted()).toEqual(dead.toSorted());
        expect(dead.length).toBeGreaterThan(0);
        const first = await select({}, { limit: 4 });
        const second = await select({}, { limit: 4, cursor: first.cursor });
        expect([...first.items, ...second.items].map(({ key }) => roots.indexOf(key.root))).toEqual([5, 4, 3, 2, 1, 0]);
        expect((await storage.history.dispatches('globex', { target: 'endpoint:one' }, everything)).items).toEqual([]);
        expect((await storage.history.dispatches('acme', { operation: 'github.ping', from, below }, everything)).items).toHaveLength(4);
      },
    );
  });
}
