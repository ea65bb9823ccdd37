import { describe, expect } from 'vitest';
import type { Scenario } from './stage.ts';

/** What the storage says of itself, and how it begins and ends. */
export function serviceConcern(scenario: Scenario): void {
  describe('service', () => {
    scenario('says its name and what it can do', async ({ storage }) => {
      expect(storage.name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(Object.keys(storage.capabilities).sort()).toEqual(['durable', 'hostTransaction', 'retention', 'shared']);
    });

    scenario('is ready as often as it is asked', async ({ storage }) => {
      await storage.ready();
      await storage.ready();
    });

    scenario('closes as often as it is asked', async ({ storage }) => {
      await storage.close();
      await storage.close();
    });

    scenario('tells a time that moves on', async ({ storage, advance }) => {
      const before = await storage.now();
      await advance(5_000);
      const passed = (await storage.now()) - before;
      expect(passed).toBeGreaterThanOrEqual(5_000);
      expect(passed).toBeLessThan(60_000);
    });

    scenario('answers an empty batch with an empty list', async ({ storage }) => {
      const answers = [
        await storage.ingest([]),
        await storage.recordRouting([]),
        await storage.addToEvents([]),
        await storage.begin([]),
        await storage.settle([]),
        await storage.defer([]),
      ];
      const amended = [await storage.reopen([]), await storage.resolve([]), await storage.cancel([])];
      expect([...answers, ...amended]).toEqual([[], [], [], [], [], [], [], [], []]);
    });
  });
}
