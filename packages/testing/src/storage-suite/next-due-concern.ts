import type { NewDispatch } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage } from './stage.ts';

async function put(stage: Stage, overrides: Partial<NewDispatch> = {}): Promise<void> {
  const root = stage.samples.newId();
  await stage.storage.ingest([stage.samples.call(root, [stage.samples.dispatch(root, overrides)])]);
}

const nextDue = (stage: Stage) => stage.storage.nextDue({ handlers: [stage.samples.handler] });

/** Within a second below: real time passes on a store whose clock cannot be stopped. */
async function expectAbout(stage: Stage, ms: number): Promise<void> {
  const found = await nextDue(stage);
  expect(found).toBeLessThanOrEqual(ms);
  expect(found).toBeGreaterThan(ms - 1_000);
}

/** What `nextDue` promises: how long a worker may sleep. */
export function nextDueConcern(scenario: Scenario): void {
  describe('next due', () => {
    scenario('is null while nothing waits', async (stage) => {
      expect(await nextDue(stage)).toBeNull();
      await put(stage, { handler: 'action:github@2' });
      expect(await nextDue(stage)).toBeNull();
      expect(await stage.storage.nextDue({ handlers: [] })).toBeNull();
    });

    scenario('is 0 for what is due, however long ago', async (stage) => {
      await put(stage);
      expect(await nextDue(stage)).toBe(0);
      await stage.advance(5_000);
      expect(await nextDue(stage)).toBe(0);
    });

    scenario('is the time until the earliest', async (stage) => {
      await put(stage, { delayMs: 60_000 });
      await put(stage, { delayMs: 20_000, workClass: 'replay' });
      await put(stage, { delayMs: 5_000, handler: 'action:github@2' });
      await expectAbout(stage, 20_000);
      await stage.advance(5_000);
      await expectAbout(stage, 15_000);
    });

    scenario('counts the end of a lease, also of one that has crashed before', async (stage) => {
      await stage.takeOne(stage.samples.item());
      await expectAbout(stage, 30_000);
      await stage.advance(31_000);
      expect(await nextDue(stage)).toBe(0);
      const suspect = only(await stage.storage.claim(stage.samples.claim({ kind: 'suspect', ttlMs: 10_000 })));
      await expectAbout(stage, 10_000);
      await stage.storage.settle([stage.samples.settle(suspect, { to: 'pending', delayMs: 40_000, reason: 'retry', unknown: false })]);
      await expectAbout(stage, 40_000);
    });

    scenario('waits for the gates of a lane', async (stage) => {
      await put(stage, { lane: 'connection:1' });
      await stage.storage.gates.close([{ tenant: 'acme', lane: 'connection:1', reason: 'rate_limited', forMs: 20_000 }]);
      await expectAbout(stage, 20_000);
      await put(stage, { lane: 'connection:2', delayMs: 50_000 });
      await expectAbout(stage, 20_000);
      await stage.storage.gates.close([{ tenant: 'acme', lane: 'connection:1', reason: 'paused', forMs: null }]);
      await expectAbout(stage, 50_000);
      await stage.storage.gates.close([{ tenant: 'acme', lane: 'connection:2', reason: 'paused', forMs: null }]);
      expect(await nextDue(stage)).toBeNull();
      await stage.storage.gates.open([{ tenant: 'acme', lane: 'connection:2', reason: 'paused' }]);
      await expectAbout(stage, 50_000);
    });

    scenario('forgets what has ended', async (stage) => {
      const dispatch = await stage.takeOne(stage.samples.item());
      await stage.storage.settle([stage.samples.settle(dispatch, { to: 'held' })]);
      expect(await nextDue(stage)).toBeNull();
    });
  });
}
