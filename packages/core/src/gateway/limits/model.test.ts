import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardedCall } from '../call-guard.ts';
import { ending, limitStage } from './__fixtures__/limit-stage.ts';
import type { Limits } from './create-limits.ts';

type Step =
  | { readonly do: 'send'; readonly process: number; readonly times: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'crash'; readonly process: number }
  | { readonly do: 'hear'; readonly which: number };

const process = fc.integer({ min: 0, max: 2 });
const steps = (longestMs: number) =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), process, times: fc.integer({ min: 1, max: 12 }) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: longestMs }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), process }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('hear' as const), which: fc.nat(50) }) },
    ),
    { minLength: 10, maxLength: 60 },
  );

type Stage = ReturnType<typeof limitStage>;

/** Lives through the steps; `arrived` is told of each request that was let in, and answers what is told of it later. */
async function live(
  stage: Stage,
  plan: readonly Step[],
  arrived: (limits: Limits, call: GuardedCall) => (() => void) | undefined,
): Promise<void> {
  const processes = [stage.start(), stage.start(), stage.start()];
  const answers: (() => void)[] = [];
  for (const step of plan) {
    if (step.do === 'pass') stage.clock.advance(step.ms);
    else if (step.do === 'crash') processes[step.process] = stage.start();
    else if (step.do === 'hear') answers.splice(step.which % Math.max(1, answers.length), 1)[0]?.();
    else {
      const limits = processes[step.process];
      for (let time = 0; limits && time < step.times; time += 1) {
        const call = stage.callOf();
        if ((await stage.enter(limits, call)) !== undefined) continue;
        const told = arrived(limits, call);
        if (told) answers.push(told);
      }
    }
  }
}

describe('a declared limit', () => {
  it.each([
    { requests: 10, windowMs: 1_000 },
    { requests: 100, windowMs: 5_000 },
    { requests: 1, windowMs: 1_000 },
  ])(
    'of $requests in $windowMs ms is never exceeded in any stretch of that length, whatever process dies',
    async ({ requests, windowMs }) => {
      await fc.assert(
        fc.asyncProperty(steps(windowMs / 2), async (plan) => {
          const stage = limitStage({ limits: [{ name: 'all', requests, windowMs }] });
          const sent: number[] = [];
          await live(stage, plan, () => {
            sent.push(stage.clock.monotonic());
            return undefined;
          });
          for (const [index, at] of sent.entries()) {
            const within = sent.slice(index).filter((other) => other < at + windowMs).length;
            expect(within).toBeLessThanOrEqual(requests);
          }
        }),
        { numRuns: 60 },
      );
    },
  );
});

const send = (times: number): Step => ({ do: 'send', process: 0, times });
const pass = (ms: number): Step => ({ do: 'pass', ms });
const hear: Step = { do: 'hear', which: 0 };

/** An answer that was long on its way is heard when its window ends, among requests of the next one. */
const heardAtTheEnd: Step[] = [pass(34_613), send(1), pass(25_396), send(11), hear, send(15), hear, send(15), hear];

// A nightly run plays 20,000 histories that nobody has chosen.
const isNightly = globalThis.process.env['PATCHBAY_NIGHTLY'] === '1';

describe('a limit that answers tell', () => {
  it('is never exceeded in any window of the service, in whatever order answers come and whatever process dies', async () => {
    const [limit, windowMs] = [40, 60_000];
    await fc.assert(
      fc.asyncProperty(steps(20_000), fc.integer({ min: 0, max: windowMs - 1 }), async (plan, phase) => {
        const stage = limitStage();
        const windows = new Map<number, number>();
        const arrive = (limits: Limits, call: GuardedCall): (() => void) => {
          const now = stage.clock.monotonic() + phase;
          const window = Math.floor(now / windowMs);
          const count = (windows.get(window) ?? 0) + 1;
          windows.set(window, count);
          const headers = {
            'x-ratelimit-limit': String(limit),
            'x-ratelimit-remaining': String(Math.max(0, limit - count)),
            'x-ratelimit-reset': String(((window + 1) * windowMs - now) / 1_000),
          };
          return () => limits.guard.ended(call, ending(headers));
        };
        // Nobody knows of a limit before its first answer, and others learn of it by the store.
        const first = stage.start();
        for (let time = 0; time < 2; time += 1) {
          const call = stage.callOf();
          await stage.enter(first, call);
          arrive(first, call)();
        }
        await live(stage, plan, arrive);
        for (const count of windows.values()) expect(count).toBeLessThanOrEqual(limit);
      }),
      { examples: [[heardAtTheEnd, 59_991]], ...(isNightly ? { numRuns: 20_000 } : { numRuns: 150, seed: 20_261_122 }) },
    );
  });
});
