import { describe, expect, it } from 'vitest';
import { PatchbayError, type PatchbayErrorInput } from '../../errors/patchbay-error.ts';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createSafeRetries, type RetriedRequest } from './safe-retries.ts';

const away = (changes: Partial<PatchbayErrorInput> = {}) =>
  new PatchbayError({ code: 'provider_unavailable', message: 'Away.', retryable: true, sent: 'no', ...changes });

function setUp(quickRetries = 2) {
  const clock = createManualClock();
  const retries = createSafeRetries({ clock, random: () => 1, budget: createRetryBudget(), quickRetries });
  const held = new Set<unknown>();
  const base: RetriedRequest = {
    place: 'c1',
    isRepeatable: true,
    signal: new AbortController().signal,
    endsAt: 30_000,
    isHeldBack: (error) => held.has(error),
  };
  /** Sends what answers so, one after the other; time passes while nothing else happens. */
  const run = async (answers: readonly (PatchbayError | 'well')[], changes: Partial<RetriedRequest> = {}) => {
    const sentAt: number[] = [];
    const result = retries.run({ ...base, ...changes }, async () => {
      const answer = answers[sentAt.length];
      sentAt.push(clock.monotonic());
      if (answer === undefined) throw new Error('It was sent once more than there are answers.');
      if (answer !== 'well') throw answer;
      return 'well';
    });
    let settled = false;
    const done = result.then(
      (value): unknown => value,
      (error: unknown) => error,
    );
    void done.then(() => {
      settled = true;
    });
    for (let turn = 0; turn < 100 && !settled; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (clock.pending > 0) clock.advance(50);
    }
    return { outcome: await done, sent: sentAt.length, waits: sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0)) };
  };
  return { clock, held, run };
}

describe('a request that fails for a moment', () => {
  it.each(['network', 'provider_unavailable', 'provider_error'] as const)('by %s is sent again, twice at most', async (code) => {
    const { run } = setUp();
    expect(await run([away({ code }), away({ code }), 'well'])).toEqual({ outcome: 'well', sent: 3, waits: [200, 400] });
    const last = away({ code });
    expect(await run([away({ code }), away({ code }), last])).toMatchObject({ outcome: last, sent: 3 });
  });

  it.each(['provider_rejected', 'rate_limited', 'timeout', 'authentication_failed', 'aborted', 'response_invalid'] as const)(
    'is not what %s says',
    async (code) => {
      const { run } = setUp();
      expect((await run([away({ code })])).sent).toBe(1);
    },
  );

  it('is sent once where its error says that no other try helps', async () => {
    expect((await setUp().run([away({ retryable: false })])).sent).toBe(1);
  });

  it('waits as long as the service asks for, where that is short, and is not sent again where it is long', async () => {
    const { run } = setUp();
    expect(await run([away({ retryAfterMs: 1_500 }), 'well'])).toMatchObject({ outcome: 'well', waits: [1_500] });
    expect((await run([away({ retryAfterMs: 2_001 })])).sent).toBe(1);
  });

  it('is not sent again beyond its time', async () => {
    const { run } = setUp();
    expect((await run([away()], { endsAt: 200 })).sent).toBe(1);
    expect((await run([away(), away()], { endsAt: 600 })).sent).toBe(2);
  });

  it('is not sent again once it was taken back', async () => {
    const { run } = setUp();
    const stop = new AbortController();
    stop.abort();
    expect((await run([away()], { signal: stop.signal })).sent).toBe(1);
  });

  it('is sent once where retries are off', async () => {
    expect((await setUp(0).run([away()])).sent).toBe(1);
  });
});

describe('a request that would do harm twice', () => {
  it('is sent again only where nothing can have happened', async () => {
    const { run } = setUp();
    expect((await run([away({ sent: 'no' }), 'well'], { isRepeatable: false })).sent).toBe(2);
    expect((await run([away({ sent: 'maybe' })], { isRepeatable: false })).sent).toBe(1);
    expect((await run([away({ sent: 'no' }), away({ sent: 'maybe' })], { isRepeatable: false })).sent).toBe(2);
    const { code, message } = away();
    const unsaid = new PatchbayError({ code, message, retryable: true });
    expect((await run([unsaid], { isRepeatable: false })).sent).toBe(1);
  });

  it('may have happened where any of its tries may have', async () => {
    const { run } = setUp();
    const seen = await run([away({ sent: 'maybe' }), away({ sent: 'no' }), away({ sent: 'no' })]);
    expect(seen.outcome).toMatchObject({ code: 'provider_unavailable', sent: 'maybe' });
  });
});

it('ends with the error of the service where a guard holds the next try back', async () => {
  const { run, held } = setUp();
  const first = away({ code: 'provider_error', sent: 'maybe' });
  const refusal = away({ details: { heldBy: 'breaker' } });
  held.add(refusal);
  expect(await run([first, refusal])).toMatchObject({ outcome: first, sent: 2 });
  expect(await run([refusal])).toMatchObject({ outcome: refusal, sent: 1 });
});

it.each(['aborted', 'lease_lost', 'timeout'] as const)(
  'ends with the error of what was sent where the next try was not: %s',
  async (code) => {
    const { run } = setUp();
    const first = away();
    expect(await run([first, away({ code, sent: 'no' })])).toMatchObject({ outcome: first, sent: 2 });
    const doubtful = await run([away({ sent: 'maybe' }), away({ code, sent: 'no' })]);
    expect(doubtful.outcome).toMatchObject({ code: 'provider_unavailable', sent: 'maybe' });
  },
);

it('ends with the error of the service where a repeat meets a limit', async () => {
  const { run } = setUp();
  const first = away();
  expect(await run([first, away({ code: 'rate_limited', retryAfterMs: 60_000 })])).toMatchObject({ outcome: first, sent: 2 });
});

it('sends again a tenth of what is sent, beyond the first ten', async () => {
  const { run } = setUp();
  let again = 0;
  for (let call = 0; call < 100; call += 1) again += (await run([away(), away(), away()])).sent - 1;
  expect(again).toBe(19);
});
