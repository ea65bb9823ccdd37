import { describe, expect, it } from 'vitest';
import { sleep } from '../../clock/sleep.ts';
import type { LimitDeclaration } from '../../contracts/limit-declaration.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { ending, limitStage } from './__fixtures__/limit-stage.ts';
import type { Limits } from './create-limits.ts';

const told = (limit: number, remaining: number, reset: number) => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(reset),
});

/** Lets go on what needs no time. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Lets time pass in small steps, with what timers begin. */
const pass = async ({ clock }: ReturnType<typeof limitStage>, ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 100) {
    clock.advance(Math.min(100, left));
    await turns();
  }
};

/** How many of so many requests are let in. */
const entered = async (stage: ReturnType<typeof limitStage>, limits: Limits, times: number): Promise<number> => {
  let count = 0;
  for (let time = 0; time < times; time += 1) if ((await stage.enter(limits, stage.callOf())) === undefined) count += 1;
  await turns();
  return count;
};

describe('what a process holds and does not use', () => {
  it('goes back after its time also where another process has leased meanwhile', async () => {
    const stage = limitStage();
    const [one, other] = [stage.start(), stage.start()];
    const first = stage.callOf();
    await stage.enter(one, first);
    one.guard.ended(first, ending(told(100, 99, 3_600)));
    await turns();
    let sent = 1 + (await entered(stage, one, 1));
    for (let round = 0; round < 20; round += 1) {
      sent += await entered(stage, one, 1);
      await pass(stage, 600);
      sent += await entered(stage, one, 8);
      // The other asks when the slice of the first has ended, and before that one looks at it again.
      await pass(stage, 1_100);
      sent += await entered(stage, other, 1);
      await pass(stage, 5_000);
    }
    expect(sent).toBeGreaterThan(95);
    expect(sent).toBeLessThanOrEqual(100);
  });

  it.each([
    { kind: 'told', limits: [] },
    { kind: 'declared', limits: [{ name: 'day', requests: 3, windowMs: 86_400_000 }] },
  ])('is there for another process soon after, of a $kind limit of few requests too', async ({ limits }) => {
    const stage = limitStage({ limits });
    const [one, other] = [stage.start(), stage.start()];
    const first = stage.callOf();
    await stage.enter(one, first);
    one.guard.ended(first, ending(limits.length === 0 ? told(4, 3, 86_400) : {}));
    await turns();
    expect(await entered(stage, one, limits.length === 0 ? 2 : 1)).toBe(limits.length === 0 ? 2 : 1);
    // It has leased the last one beforehand, and does not use it.
    expect((await stage.enter(other, stage.callOf()))?.code).toBe('rate_limited');
    await pass(stage, 5_000);
    expect(await stage.enter(other, stage.callOf())).toBeUndefined();
    expect((await stage.enter(one, stage.callOf()))?.code).toBe('rate_limited');
  });

  it('goes back although the store was away when its time was over', async () => {
    const stage = limitStage();
    const [one, other] = [stage.start(), stage.start()];
    const first = stage.callOf();
    await stage.enter(one, first);
    one.guard.ended(first, ending(told(2, 1, 86_400)));
    await turns();
    const held = stage.callOf();
    expect(await stage.enter(one, held)).toBeUndefined();
    one.guard.ended(held, ending({}, { sent: false }));
    stage.states.fail(true);
    await pass(stage, 5_000);
    stage.states.fail(false);
    await pass(stage, 5_000);
    expect(await stage.enter(other, stage.callOf())).toBeUndefined();
  });
});

describe('a new window of which nobody has told yet', () => {
  it('is asked for by one request after half a minute, where all of the one before may count for it', async () => {
    const stage = limitStage();
    const limits = stage.start();
    const first = stage.callOf();
    await stage.enter(limits, first);
    limits.guard.ended(first, ending(told(2, 2, 3)));
    stage.clock.advance(2_990);
    expect(await entered(stage, limits, 3)).toBe(2);
    await pass(stage, 1_000);
    expect(await entered(stage, limits, 1)).toBe(0);
    await pass(stage, 31_000);
    expect(await entered(stage, limits, 3)).toBe(1);
  });
});

describe('two leases of one process', () => {
  it('are told apart, so that a limit holds also where the host changes others of the connection meanwhile', async () => {
    const day = 86_400_000;
    let hostLimits: readonly LimitDeclaration[] = [];
    const stage = limitStage({ limits: [{ name: 'all', requests: 100, windowMs: day }] }, { hostLimitsOf: () => hostLimits });
    const limits = stage.start();
    let sent = await entered(stage, limits, 8);
    hostLimits = [{ name: 'other', requests: 1_000, windowMs: day }];
    for (let round = 0; round < 4; round += 1) {
      sent += await entered(stage, limits, 40);
      await pass(stage, 1_500);
    }
    expect(sent).toBe(100);
  });
});

describe('a store that is slower than a slice lives', () => {
  it('lets requests go all the same', async () => {
    const stage = limitStage({ limits: [{ name: 'all', requests: 10, windowMs: 200 }] });
    const { write } = stage.states.store;
    const slow = (async (items) => {
      const verdicts = await write(items);
      await sleep(stage.clock, 50);
      return verdicts;
    }) satisfies StateStore['write'];
    const limits = stage.start();
    Object.assign(stage.states.store, { write: slow });
    const gone: unknown[] = [];
    const enter = stage.enter(limits, stage.callOf({ maximumWaitMs: 5_000 })).then((refusal) => gone.push(refusal));
    for (let time = 0; time < 100 && gone.length === 0; time += 1) {
      stage.clock.advance(25);
      // The line of those who wait takes some milliseconds of its own.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(gone).toEqual([undefined]);
    await enter;
  });
});
