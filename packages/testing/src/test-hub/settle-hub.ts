import type { Hub } from '@patchbay/core';
import type { FakeClock } from '../clock/fake-clock.ts';

/** What settling needs. */
export interface SettleInput {
  readonly hub: Pick<Hub, 'work'>;
  readonly clock: FakeClock;
  /** Milliseconds of the clock that it may move on at most. */
  readonly withinMs: number;
}

/** Turns that are taken before settling is given up: something makes new work for ever. */
const mostTurns = 10_000;

/** Works and moves the clock on until nothing is due within the time. Answers how many dispatches were executed. */
export async function settleHub({ hub, clock, withinMs }: SettleInput): Promise<number> {
  const end = clock.now() + withinMs;
  let executed = 0;
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const result = await hub.work({ deadline: withinMs + 1 });
    executed += result.executed;
    if (result.nextDueMs === null || clock.now() + result.nextDueMs > end) return executed;
    await clock.advance(result.nextDueMs);
  }
  throw new Error(`The hub is not settled after ${mostTurns} turns: something keeps making new work. Look at the newest events.`);
}
