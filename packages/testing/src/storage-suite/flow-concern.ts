import { describe, expect } from 'vitest';
import { only, type Scenario } from './stage.ts';

const flow = { tenant: 'acme', user: 'user-1', hash: 'hash-1', value: '{"note":"a \\"flow\\" \\u0000"}' };
const put = { ...flow, forMs: 600_000 };
const taking = { tenant: null, hash: 'hash-1', taker: 'taker-1' };

/** What flows promise: each is taken once, in its time, by whom it belongs to. */
export function flowConcern(scenario: Scenario): void {
  describe('flows', () => {
    scenario('are taken once, as they were put', async ({ storage: { flows } }) => {
      await flows.put(put);
      expect(await flows.take(taking)).toEqual(flow);
      expect(await flows.take({ ...taking, taker: 'taker-2' })).toBeNull();
      expect(await flows.take({ ...taking, hash: 'hash-2' })).toBeNull();
    });

    scenario('are given again to the taker whose answer was lost, and put once however often', async ({ storage: { flows } }) => {
      await flows.put(put);
      await flows.put(put);
      expect(await flows.take(taking)).toEqual(flow);
      await flows.put(put);
      expect(await flows.take(taking)).toEqual(flow);
      expect(await flows.take({ ...taking, taker: 'taker-2' })).toBeNull();
    });

    scenario('are there for nobody when their time has passed', async ({ storage: { flows }, advance }) => {
      await flows.put({ ...put, forMs: 20_000 });
      await advance(20_001);
      expect(await flows.take(taking)).toBeNull();
      expect(await flows.count(flow)).toBe(0);
    });

    scenario('are not taken, and not used up, by another tenant', async ({ storage: { flows } }) => {
      await flows.put(put);
      expect(await flows.take({ ...taking, tenant: 'globex' })).toBeNull();
      expect(await flows.take({ ...taking, tenant: 'acme', taker: 'taker-2' })).toEqual(flow);
    });

    scenario('are counted for each user while nobody has taken them', async ({ storage: { flows } }) => {
      for (const hash of ['one', 'two', 'three']) await flows.put({ ...put, hash });
      await flows.put({ ...put, hash: 'four', user: 'user-2' });
      await flows.put({ ...put, hash: 'five', tenant: 'globex' });
      await flows.take({ ...taking, hash: 'two' });
      expect(await flows.count(flow)).toBe(2);
    });

    scenario('leave the revision of the configuration as it is', async ({ storage }) => {
      await storage.flows.put(put);
      await storage.flows.take(taking);
      expect(await storage.configuration.revision('acme')).toEqual({ hub: 0, tenant: 0 });
    });

    scenario('go to one of 20 who race for one', async ({ storage: { flows } }) => {
      await flows.put(put);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => flows.take({ ...taking, taker: `taker-${index}` })));
      only(answers.filter((answer) => answer !== null));
    });

    scenario('go to one of two processes', async (stage) => {
      const other = await stage.second();
      await stage.storage.flows.put(put);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? stage.storage : other).flows.take({ ...taking, taker: `taker-${index}` }),
        ),
      );
      only(answers.filter((answer) => answer !== null));
    });
  });
}
