import { describe, expect } from 'vitest';
import { only, type Scenario } from './stage.ts';

const request = { name: 'sealer', holder: 'worker-a', ttlMs: 30_000 };
const rival = { ...request, holder: 'worker-b' };

/** What named leases promise: one holder at a time, and a fence that grows. */
export function namedLeaseConcern(scenario: Scenario): void {
  describe('named leases', () => {
    scenario('go to one holder, who can have them again', async ({ storage: { leases }, advance }) => {
      const lease = await leases.acquire(request);
      expect(lease).toMatchObject({ name: 'sealer', fence: expect.any(Number) });
      expect(await leases.acquire(rival)).toBeNull();
      await advance(10_000);
      const again = await leases.acquire(request);
      expect(again?.fence).toBe(lease?.fence);
      expect(again?.until).toBeGreaterThan(lease?.until ?? 0);
      expect(await leases.acquire({ ...rival, name: 'poller' })).not.toBeNull();
    });

    scenario('go to another with a higher fence when their time has passed', async ({ storage: { leases }, advance }) => {
      const first = await leases.acquire(request);
      await advance(31_000);
      const second = await leases.acquire(rival);
      expect(second?.fence).toBeGreaterThan(first?.fence ?? 0);
      const lost = { ...request, fence: first?.fence ?? 0 };
      expect(await leases.extend(lost)).toBe(false);
      await leases.release(lost);
      expect(await leases.acquire(request)).toBeNull();
      expect(await leases.extend({ ...rival, fence: second?.fence ?? 0 })).toBe(true);
    });

    scenario('go to another with a higher fence when they are given back', async ({ storage: { leases } }) => {
      const first = await leases.acquire(request);
      await leases.release({ ...request, fence: first?.fence ?? 0 });
      expect(await leases.extend({ ...request, fence: first?.fence ?? 0 })).toBe(false);
      const second = await leases.acquire(rival);
      expect(second?.fence).toBeGreaterThan(first?.fence ?? 0);
      await leases.release({ ...rival, fence: second?.fence ?? 0 });
      const third = await leases.acquire(rival);
      expect(third?.fence).toBeGreaterThan(second?.fence ?? 0);
    });

    scenario('are kept by extending, and cannot be extended once their time has passed', async ({ storage: { leases }, advance }) => {
      const fence = (await leases.acquire(request))?.fence ?? 0;
      await advance(20_000);
      expect(await leases.extend({ ...request, fence })).toBe(true);
      await advance(20_000);
      expect(await leases.acquire(rival)).toBeNull();
      await advance(11_000);
      expect(await leases.extend({ ...request, fence })).toBe(false);
    });

    scenario('are not extended or given back by another holder or another fence', async ({ storage: { leases } }) => {
      const fence = (await leases.acquire(request))?.fence ?? 0;
      expect(await leases.extend({ ...rival, fence })).toBe(false);
      expect(await leases.extend({ ...request, fence: fence + 1 })).toBe(false);
      await leases.release({ ...rival, fence });
      await leases.release({ ...request, fence: fence + 1 });
      expect(await leases.acquire(rival)).toBeNull();
    });

    scenario('go to one of 20 who ask at once', async ({ storage: { leases } }) => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => leases.acquire({ ...request, holder: `worker-${index}` })),
      );
      only(answers.filter((answer) => answer !== null));
    });

    scenario('go to one of two processes', async (stage) => {
      const other = await stage.second();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? stage.storage : other).leases.acquire({ ...request, holder: `worker-${index}` }),
        ),
      );
      only(answers.filter((answer) => answer !== null));
    });
  });
}
