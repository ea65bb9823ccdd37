import { describe, expect, it } from 'vitest';
import type { Held } from '../contracts/held.ts';
import type { HotStore } from '../contracts/hot-store.ts';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { claimedDispatch, promisesSettle } from './__fixtures__/claimed-dispatch.ts';
import { recordingStore } from './__fixtures__/recording-store.ts';
import { createLeaseWatch } from './lease-watch.ts';

const leaseMs = 30_000;
const first = claimedDispatch({ handle: 'd1' });
const second = claimedDispatch({ handle: 'd2' });
const leaseOf = ({ handle, fence }: { readonly handle: string; readonly fence: number }): Held => ({ tenant: 'acme', handle, fence });

/** A watch over a store whose `extend` answers as given. */
function setting(extend: HotStore['extend'] = async () => []) {
  const clock = createManualClock();
  let asked = 0;
  const store = recordingStore({
    extend: (request) => {
      asked += 1;
      return extend(request);
    },
  });
  const watch = createLeaseWatch({ store, clock, holder: 'worker-a', leaseMs, logger: silentLogger });
  const advance = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds);
    await promisesSettle();
  };
  return { clock, store, watch, advance, asked: () => asked };
}

const neverAnswers = (): Promise<never> => new Promise(() => undefined);

describe('a lease watch', () => {
  it('extends all leases by one statement every third of their length', async () => {
    const { watch, advance, asked } = setting(async () => [leaseOf(first), leaseOf(second)]);
    const held = [watch.hold(first, 0), watch.hold(second, 0)];
    await advance(10_000);
    await advance(10_000);
    expect(asked()).toBe(2);
    expect(held.map((running) => running?.deadline)).toEqual([47_000, 47_000]);
  });

  it('counts the deadline from before the question, however late the answer comes', async () => {
    const { watch, clock } = setting();
    clock.advance(5_000);
    expect(watch.hold(first, 1_000)?.deadline).toBe(28_000);
  });

  it('aborts what the store no longer names', async () => {
    const { watch, advance } = setting(async () => [leaseOf(second)]);
    const [lost, kept] = [watch.hold(first, 0), watch.hold(second, 0)];
    await advance(10_000);
    expect(lost?.abort.signal.reason).toMatchObject({ code: 'lease_lost' });
    expect(kept?.abort.signal.aborted).toBe(false);
  });

  it('aborts at the deadline itself although the store has not answered since', async () => {
    const { watch, advance } = setting(neverAnswers);
    const running = watch.hold(first, 0);
    await advance(26_999);
    expect(running?.abort.signal.aborted).toBe(false);
    await advance(1);
    expect(running?.abort.signal.reason).toMatchObject({ code: 'lease_lost' });
  });

  it('aborts at the deadline although the store refuses every extension', async () => {
    const { watch, advance, asked } = setting(() => Promise.reject(new Error('read ECONNRESET')));
    const running = watch.hold(first, 0);
    for (let time = 0; time < 27; time += 1) await advance(1_000);
    expect(asked()).toBe(18);
    expect(running?.abort.signal.aborted).toBe(true);
  });

  it('asks again soon where the store did not answer, so that a short silence costs no lease', async () => {
    let silent = true;
    const { watch, advance, asked } = setting(async () => {
      if (silent) throw new Error('read ECONNRESET');
      return [leaseOf(first)];
    });
    const running = watch.hold(first, 0);
    for (const step of [10_000, 1_000, 1_000]) await advance(step);
    expect(asked()).toBe(3);
    silent = false;
    await advance(1_000);
    expect(running?.deadline).toBe(40_000);
    await advance(9_999);
    expect(asked()).toBe(4);
  });

  it('takes a lease that was named twice into one hand only', () => {
    const { watch } = setting();
    expect(watch.hold(first, 0)).not.toBeNull();
    expect(watch.hold({ ...first }, 0)).toBeNull();
    expect(watch.count).toBe(1);
  });

  it('leaves no timer behind once nothing is under way', () => {
    const { watch, clock } = setting();
    const running = watch.hold(first, 0);
    expect(clock.pending).toBe(2);
    if (running) watch.drop(running);
    expect(clock.pending).toBe(0);
  });
});

describe('a lease whose answer was lost', () => {
  it('goes back, without a crash, once two looks have shown it in nobody’s hands', async () => {
    const { watch, store, advance } = setting(async () => [leaseOf(first)]);
    watch.doubt();
    await advance(10_000);
    expect(store.deferred).toEqual([]);
    await advance(10_000);
    expect(store.deferred).toEqual([{ ...leaseOf(first), delayMs: 0, reason: 'answer_lost', nothingSent: true }]);
  });

  it('is looked for although nothing else is under way, for three looks', async () => {
    const { watch, clock, advance, asked } = setting();
    watch.doubt();
    for (let look = 0; look < 5; look += 1) await advance(10_000);
    expect(asked()).toBe(3);
    expect(clock.pending).toBe(0);
  });

  it('is kept while its answer is only slow', async () => {
    const { watch, store, advance } = setting(async () => [leaseOf(first)]);
    watch.doubt();
    await advance(10_000);
    expect(watch.hold(first, 9_000)).not.toBeNull();
    await advance(10_000);
    expect(store.deferred).toEqual([]);
  });

  it('is not used any more when its answer comes after it went back', async () => {
    const { watch, advance } = setting(async () => [leaseOf(first)]);
    watch.doubt();
    await advance(10_000);
    await advance(10_000);
    expect(watch.hold(first, 0)).toBeNull();
    expect(watch.hold({ ...first, fence: 2 }, 20_000)).not.toBeNull();
  });

  it('never goes back while somebody here has it', async () => {
    const { watch, store, advance } = setting(async () => [leaseOf(first)]);
    watch.hold(first, 0);
    watch.doubt();
    for (let look = 0; look < 4; look += 1) await advance(10_000);
    await watch.close();
    expect(store.deferred).toEqual([]);
  });

  it('goes back at once when the watch is closed, and nothing is extended afterwards', async () => {
    const { watch, store, clock, advance, asked } = setting(async () => [leaseOf(first), leaseOf(second)]);
    watch.hold(second, 0);
    watch.doubt();
    await watch.close();
    expect(store.deferred.map(({ handle }) => handle)).toEqual(['d1']);
    expect(clock.pending).toBe(0);
    await advance(60_000);
    expect(asked()).toBe(1);
  });

  it('is left to expire where the store cannot be asked when the watch is closed', async () => {
    const { watch, store } = setting(() => Promise.reject(new Error('read ECONNRESET')));
    watch.doubt();
    await expect(watch.close()).resolves.toBeUndefined();
    expect(store.deferred).toEqual([]);
  });
});
