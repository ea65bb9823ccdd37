import { describe, expect, it } from 'vitest';
import type { EventMark } from '../contracts/hot-store.ts';
import type { Wake } from '../contracts/queue.ts';
import { buildEvent } from '../events/build-event.ts';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { ids } from './__fixtures__/sample-tenant.ts';
import { createRouter } from './create-router.ts';

const event = buildEvent({
  tenant: 'acme',
  id: ids.event,
  type: 'order.placed',
  time: 0,
  class: 'custom',
  severity: 'info',
  data: new TextEncoder().encode('{}'),
});
const mark: EventMark = { tenant: 'acme', root: ids.event, fence: 1, routed: 0, event: { ...event, storedAt: 0, considered: [] } };

/** A router over a store with marks, where every claim is noted with its time. */
function setting() {
  const clock = createManualClock();
  const listeners = new Set<(hint: Wake) => void>();
  const askedAt: number[] = [];
  let marks: EventMark[] = [];
  let routed = 0;
  const router = createRouter({
    storage: {
      async claimMarks({ limit }) {
        askedAt.push(clock.monotonic());
        return marks.splice(0, limit);
      },
      async recordRouting(pages) {
        routed += pages.length;
        return pages.map(() => ({ status: 'done' as const }));
      },
    },
    queue: {
      async wake(hint) {
        for (const listener of [...listeners]) listener(hint);
      },
      onWake(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    planner: {
      async *pages() {
        yield { plan: { revision: { hub: 0, tenant: 0 }, considered: [], runs: [], dispatches: [] }, targets: 0, last: true };
      },
    },
    completer: { complete: async (event) => ({ event, error: null }), mayWait: () => false },
    notify: () => undefined,
    clock,
    holder: 'hub-1',
    logger: silentLogger,
    pollMs: 1_000,
    leaseMs: 30_000,
  });
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const wake = async (hint: Wake = {}): Promise<void> => {
    for (const listener of [...listeners]) listener(hint);
    await settle();
  };
  const leave = (count: number): void => {
    marks = Array.from({ length: count }, () => mark);
  };
  const pass = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      clock.advance(100);
      await settle();
    }
  };
  return { router, clock, askedAt, listeners, wake, leave, pass, settle, routed: () => routed };
}

describe('a router', () => {
  it('routes what it finds when it is woken, without waiting for its poll', async () => {
    const { router, wake, leave, settle, routed, clock } = setting();
    router.start();
    await settle();
    leave(1);
    await wake();
    expect([routed(), clock.monotonic()]).toEqual([1, 0]);
    await router.stop();
  });

  it('routes everything after one wake-up, however much there is', async () => {
    const { router, wake, leave, settle, routed } = setting();
    router.start();
    await settle();
    leave(65);
    await wake();
    expect(routed()).toBe(65);
    await router.stop();
  });

  it('finds what is marked although every wake-up is lost', async () => {
    const { router, leave, pass, settle, routed } = setting();
    router.start();
    await settle();
    leave(1);
    await pass(1_000);
    expect(routed()).toBe(1);
    await router.stop();
  });

  it('asks once a poll interval while nothing happens', async () => {
    const { router, askedAt, pass, settle } = setting();
    router.start();
    await settle();
    await pass(5_000);
    expect(askedAt).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000]);
    await router.stop();
  });

  it('asks once more for any number of wake-ups while it asks', async () => {
    const { router, askedAt, listeners, settle } = setting();
    router.start();
    await settle();
    for (let count = 0; count < 100; count += 1) for (const listener of listeners) listener({});
    await settle();
    expect(askedAt).toHaveLength(3);
    await router.stop();
  });

  it('leaves alone what is said of handlers and dispatches, which no mark has yet', async () => {
    const { router, askedAt, wake, settle } = setting();
    router.start();
    await settle();
    await wake({ handlers: ['action:service@1'] });
    await wake({ keys: [] });
    expect(askedAt).toHaveLength(1);
    await wake({ inMs: 300 });
    expect(askedAt).toHaveLength(1);
    await router.stop();
  });

  it('asks no more and listens no more once it is stopped', async () => {
    const { router, askedAt, wake, pass, listeners, settle, clock } = setting();
    router.start();
    await settle();
    await router.stop();
    await wake();
    await pass(2_000);
    router.start();
    await settle();
    expect([askedAt.length, listeners.size, clock.pending]).toEqual([1, 0, 0]);
  });
});
