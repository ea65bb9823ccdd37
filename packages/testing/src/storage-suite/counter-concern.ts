import { describe, expect } from 'vitest';
import type { Scenario } from './stage.ts';

const delta = { tenant: 'acme', name: 'events', day: '2026-03-14', by: 3 };
const march = { tenant: 'acme', name: 'events', fromDay: '2026-03-01', toDay: '2026-03-31' };

/** What counters promise: every batch once. */
export function counterConcern(scenario: Scenario): void {
  describe('counters', () => {
    scenario('sum the days of a range, both ends included', async ({ storage: { counters }, samples }) => {
      const days = ['2026-02-28', '2026-03-01', '2026-03-14', '2026-03-14', '2026-03-31', '2026-04-01'];
      await counters.add({ id: samples.newId(), deltas: days.map((day) => ({ ...delta, day })) });
      expect(await counters.read(march)).toBe(12);
      expect(await counters.read({ ...march, fromDay: '2026-03-14', toDay: '2026-03-14' })).toBe(6);
    });

    scenario('add a batch once however often it comes', async ({ storage: { counters }, samples }) => {
      const batch = { id: samples.newId(), deltas: [delta, { ...delta, name: 'runs', by: 1 }] };
      await counters.add(batch);
      await Promise.all([counters.add(batch), counters.add(batch)]);
      expect([await counters.read(march), await counters.read({ ...march, name: 'runs' })]).toEqual([3, 1]);
    });

    scenario('lose nothing when many add at once', async ({ storage: { counters }, samples }) => {
      await Promise.all(Array.from({ length: 50 }, () => counters.add({ id: samples.newId(), deltas: [delta] })));
      expect(await counters.read(march)).toBe(150);
    });

    scenario('list each day of the names that begin so, in order', async ({ storage: { counters }, samples }) => {
      const names = ['events:b', 'events:a', 'event', 'eventsx', 'events:\u{1F600}', 'events:\uFF5E'];
      await counters.add({ id: samples.newId(), deltas: names.map((name) => ({ ...delta, name })) });
      await counters.add({ id: samples.newId(), deltas: ['2026-03-02', '2026-04-01'].map((day) => ({ ...delta, name: 'events:a', day })) });
      await counters.add({ id: samples.newId(), deltas: [{ ...delta, tenant: 'globex', name: 'events:a' }] });
      expect(await counters.list({ tenant: 'acme', prefix: 'events:', fromDay: '2026-03-02', toDay: '2026-03-14' })).toEqual([
        { name: 'events:a', day: '2026-03-02', count: 3 },
        { name: 'events:a', day: '2026-03-14', count: 3 },
        { name: 'events:b', day: '2026-03-14', count: 3 },
        { name: 'events:\uFF5E', day: '2026-03-14', count: 3 },
        { name: 'events:\u{1F600}', day: '2026-03-14', count: 3 },
      ]);
    });

    scenario('keep tenants and names apart, and are 0 before anything was counted', async ({ storage: { counters }, samples }) => {
      await counters.add({ id: samples.newId(), deltas: [{ ...delta, by: -1 }] });
      expect(await counters.read(march)).toBe(-1);
      expect(await counters.read({ ...march, tenant: 'globex' })).toBe(0);
      expect(await counters.read({ ...march, name: 'runs' })).toBe(0);
    });
  });
}
