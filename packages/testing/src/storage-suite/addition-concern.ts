import type { EventRecord, Payload } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import type { Scenario } from './stage.ts';

const additions = (text: string): Payload => ({ codec: 'plain', bytes: new TextEncoder().encode(text) });

const textOf = (event: EventRecord | null): string | null =>
  event?.additions === undefined ? null : new TextDecoder().decode(event.additions.bytes);

/** What the hub adds to events. */
export function additionConcern(scenario: Scenario): void {
  describe('additions to events', () => {
    scenario('come in with the event, and are absent where there are none', async ({ storage, samples }) => {
      const plain = samples.item();
      const root = samples.newId();
      const mapped = samples.item({ root, event: samples.event({ id: root, additions: additions('{"mapped":{"a":"ä"}}') }) });
      await storage.ingest([plain, mapped]);
      const [without, withOnes] = [await storage.history.event('acme', plain.root), await storage.history.event('acme', root)];
      expect(without).not.toHaveProperty('additions');
      expect(textOf(withOnes)).toBe('{"mapped":{"a":"ä"}}');
      const { items } = await storage.history.events('acme', {}, { cursor: null, limit: 10 });
      expect(items.map(textOf)).toEqual(['{"mapped":{"a":"ä"}}', null]);
    });

    scenario('are handed out with the mark of an event that waits to be routed', async ({ storage, samples }) => {
      const root = samples.newId();
      await storage.ingest([
        { ...samples.item({ root }), plan: null, event: samples.event({ id: root, additions: additions('{"a":1}') }) },
      ]);
      const marks = await storage.claimMarks({ holder: 'worker-a', limit: 10, ttlMs: 30_000 });
      expect(marks.map(({ event }) => textOf(event))).toEqual(['{"a":1}']);
    });

    scenario('are written where what stands there is what was expected', async ({ storage, samples }) => {
      const item = samples.item();
      await storage.ingest([item]);
      const place = { tenant: 'acme', root: item.root };
      const first = { ...place, expect: null, additions: additions('{"a":1}') };
      expect(await storage.addToEvents([first])).toEqual([{ status: 'written' }]);
      // A racer with the same expectation has lost, and a repeat of the first has not.
      expect(await storage.addToEvents([{ ...first, additions: additions('{"b":1}') }])).toEqual([{ status: 'conflict' }]);
      expect(await storage.addToEvents([first])).toEqual([{ status: 'written' }]);
      const second = { ...place, expect: additions('{"a":1}'), additions: additions('{"a":2}') };
      const third = { ...place, expect: additions('{"a":2}'), additions: additions('{"a":3}') };
      expect(await storage.addToEvents([second, third])).toEqual([{ status: 'written' }, { status: 'written' }]);
      expect(await storage.addToEvents([second])).toEqual([{ status: 'conflict' }]);
      expect(textOf(await storage.history.event('acme', item.root))).toBe('{"a":3}');
      expect((await storage.history.event('acme', item.root))?.data).toEqual(item.event?.data);
    });

    scenario("go to no other tenant's event, and to none that is not there", async ({ storage, samples }) => {
      const item = samples.item();
      await storage.ingest([item]);
      const added = { expect: null, additions: additions('{"a":1}') };
      const foreign = { ...added, tenant: 'other', root: item.root };
      expect(await storage.addToEvents([foreign, { ...added, tenant: 'acme', root: samples.newId() }])).toEqual([
        { status: 'missing' },
        { status: 'missing' },
      ]);
      expect(await storage.history.event('acme', item.root)).not.toHaveProperty('additions');
    });

    scenario('are copies', async ({ storage, samples }) => {
      const root = samples.newId();
      const given = additions('{"a":1}');
      await storage.ingest([samples.item({ root, event: samples.event({ id: root, additions: given }) })]);
      given.bytes.fill(0);
      (await storage.history.event('acme', root))?.additions?.bytes.fill(0);
      expect(textOf(await storage.history.event('acme', root))).toBe('{"a":1}');
    });
  });
}
