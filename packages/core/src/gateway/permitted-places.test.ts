import { describe, expect, it } from 'vitest';
import type { CallGuard, GuardedCall } from './call-guard.ts';
import { nothingSent } from './call-guard.ts';
import { ending, limitStage } from './limits/__fixtures__/limit-stage.ts';
import { permittedPlaces } from './permitted-places.ts';
import { createBulkhead } from './resilience/create-bulkhead.ts';

const quota = 20;
const limits = [{ name: 'day', requests: quota, windowMs: 86_400_000 }];
const told = { 'x-ratelimit-limit': '21', 'x-ratelimit-remaining': '20', 'x-ratelimit-reset': '86400' };

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** One place, and a limit of so many requests. */
function stageOf(definition: Parameters<typeof limitStage>[0]) {
  const stage = limitStage(definition);
  const { clock } = stage;
  const figures = { connectionCalls: 1, tenantCalls: 128, tenantWaiting: 1_000, hostCalls: 200, allCalls: 200 };
  const guard = permittedPlaces({ limits: stage.start().guard, places: createBulkhead({ clock, figures }) });
  /** Ends with what the guard says of it. */
  const enter = async (call: GuardedCall): Promise<string> => {
    try {
      await guard.admit(call);
      return 'in';
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'aborted';
    }
  };
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 250) {
      clock.advance(250);
      await turns();
    }
  };
  return { ...stage, guard, enter, pass };
}

/** How many go, one after the other, until one is refused. */
async function goes({ enter, guard, callOf, pass }: ReturnType<typeof stageOf>): Promise<number> {
  for (let count = 0; ; count += 1) {
    const call = callOf({ maximumWaitMs: 5_000 });
    const entering = enter(call);
    await pass(500);
    if ((await entering) !== 'in') return count;
    guard.ended(call, { ...nothingSent, sent: true });
  }
}

describe.each([
  ['declared', { limits }],
  ['told', {}],
] as const)('a %s limit', (kind, definition) => {
  it('is as it was after requests that found no place, waited for one in vain, or were taken back', async () => {
    const stage = stageOf(definition);
    const { guard, callOf, enter, pass } = stage;
    if (kind === 'told') {
      const first = callOf();
      await enter(first);
      guard.ended(first, ending(told));
      await turns();
    }
    const holder = callOf();
    expect(await enter(holder)).toBe('in');
    for (let round = 0; round < 10; round += 1) {
      const abort = new AbortController();
      const waiting = [callOf({ maximumWaitMs: 2_000 }), callOf({ maximumWaitMs: 2_000, signal: abort.signal })].map(enter);
      await turns();
      await pass(1_500);
      abort.abort();
      await pass(1_000);
      expect((await Promise.all(waiting)).toSorted()).toEqual(['overloaded', 'overloaded']);
    }
    guard.ended(holder, { ...nothingSent, sent: true });
    expect(1 + (await goes(stage))).toBe(quota);
  });
});

describe('a request that needs a permit and a place', () => {
  const scripted = (answers: readonly (Promise<void> | undefined | Error)[]) => {
    const left = [...answers];
    let held = 0;
    const guard: CallGuard = {
      admit() {
        const answer = left.shift();
        if (answer instanceof Error) throw answer;
        if (answer === undefined) held += 1;
        return answer?.then(() => {
          held += 1;
        });
      },
      ended() {
        held -= 1;
      },
    };
    return { guard, held: () => held };
  };
  const call = limitStage().callOf();

  it('holds no permit while it waits for a place, and no place while it waits for a permit', async () => {
    const [place, permit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const [first, second] = [scripted([undefined, permit.promise]), scripted([place.promise, undefined])];
    const entering = permittedPlaces({ limits: first.guard, places: second.guard }).admit(call);
    expect([first.held(), second.held()]).toEqual([0, 0]);
    place.resolve();
    await turns();
    expect([first.held(), second.held()]).toEqual([0, 0]);
    permit.resolve();
    await entering;
    expect([first.held(), second.held()]).toEqual([1, 1]);
  });

  it('comes to an end where both are had in turns only', async () => {
    const soon = () => Promise.resolve();
    const [first, second] = [scripted([undefined, soon(), soon()]), scripted([soon(), soon(), soon()])];
    await permittedPlaces({ limits: first.guard, places: second.guard }).admit(call);
    expect([first.held(), second.held()]).toEqual([1, 1]);
  });

  it('holds neither where one of them refuses, at once or later', async () => {
    for (const answer of [new Error('full'), Promise.reject(new Error('full'))]) {
      const [first, second] = [scripted([undefined]), scripted([answer])];
      await expect(async () => permittedPlaces({ limits: first.guard, places: second.guard }).admit(call)).rejects.toThrow('full');
      expect([first.held(), second.held()]).toEqual([0, 0]);
    }
  });
});
