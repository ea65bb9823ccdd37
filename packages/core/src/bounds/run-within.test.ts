import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { type Bounds, runWithin } from './run-within.ts';

function setUp(changes: Partial<Bounds> = {}) {
  const clock = createManualClock();
  const outer = new AbortController();
  const bounds: Bounds = { clock, timeoutMs: 1_000, signal: outer.signal, what: 'sample.echo', ...changes };
  return { clock, outer, bounds };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A call that rejects as a request does when its signal aborts. */
const obedient = (sent: 'no' | 'maybe') => (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new PatchbayError({ code: 'aborted', message: 'The caller stopped it.', sent })));
  });

/** A call that takes no notice of anything. */
const deaf = () => new Promise<never>(() => undefined);

describe('runWithin', () => {
  it('gives the result, and leaves neither timer nor listener behind', async () => {
    const { clock, outer, bounds } = setUp();
    expect(await runWithin(bounds, async () => 7)).toBe(7);
    expect(clock.pending).toBe(0);
    outer.abort(new Error('later'));
    expect(clock.pending).toBe(0);
  });

  it('gives what the code throws by itself, also where it throws at once', async () => {
    const { clock, bounds } = setUp();
    const error = new PatchbayError({ code: 'provider_rejected', message: 'No.' });
    await expect(runWithin(bounds, () => Promise.reject(error))).rejects.toBe(error);
    await expect(
      runWithin(bounds, () => {
        throw error;
      }),
    ).rejects.toBe(error);
    expect(clock.pending).toBe(0);
  });

  it('tells a time-out from a call that was taken back: what the request says of the abort is only its echo', async () => {
    const { clock, bounds } = setUp();
    const result = runWithin(bounds, obedient('maybe'));
    const seen = expect(result).rejects.toMatchObject({
      code: 'timeout',
      message: 'sample.echo took longer than 1000 ms.',
      retryable: true,
      sent: 'maybe',
    });
    clock.advance(1_000);
    await seen;
    expect(clock.pending).toBe(0);
  });

  it("keeps an error of the service's, however late it comes", async () => {
    const { clock, bounds } = setUp();
    const late = Promise.withResolvers<never>();
    const result = runWithin(bounds, () => late.promise);
    clock.advance(1_000);
    late.reject(new PatchbayError({ code: 'rate_limited', message: 'Slow.', retryable: true }));
    await expect(result).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('keeps a result that comes in the second that code has to notice', async () => {
    const { clock, bounds } = setUp();
    const late = Promise.withResolvers<number>();
    const result = runWithin(bounds, () => late.promise);
    clock.advance(1_999);
    late.resolve(7);
    expect(await result).toBe(7);
    expect(clock.pending).toBe(0);
  });

  it('gives up code that takes no notice of its signal, and what it does later counts for nothing', async () => {
    const { clock, bounds } = setUp();
    const late = Promise.withResolvers<never>();
    const result = runWithin(bounds, () => late.promise);
    const seen = expect(result).rejects.toMatchObject({ code: 'timeout' });
    clock.advance(2_000);
    await seen;
    late.reject(new Error('unheard'));
    await turn();
    expect(clock.pending).toBe(0);
  });

  it("gives the outer signal's reason, also where it had aborted before", async () => {
    const reason = new PatchbayError({ code: 'lease_lost', message: 'Gone.', retryable: true });
    const { clock, outer, bounds } = setUp();
    const result = runWithin(bounds, obedient('no'));
    outer.abort(reason);
    await expect(result).rejects.toMatchObject({ code: 'lease_lost', sent: 'no' });
    const deafCall = runWithin(bounds, deaf);
    const seen = expect(deafCall).rejects.toBe(reason);
    clock.advance(1_000);
    await seen;
    expect(clock.pending).toBe(0);
  });

  it('takes the call back at a deadline that has not moved on, and not before', async () => {
    let deadline = 300;
    const { clock, bounds } = setUp({ deadline: () => deadline });
    const result = runWithin(bounds, obedient('maybe'));
    const seen = expect(result).rejects.toMatchObject({ code: 'lease_lost', sent: 'maybe' });
    clock.advance(200);
    deadline = 500;
    clock.advance(299);
    await turn();
    expect(clock.pending).toBe(1);
    clock.advance(1);
    await seen;
    expect(clock.pending).toBe(0);
  });

  it('goes by the time where that comes before the deadline', async () => {
    const { clock, bounds } = setUp({ deadline: () => 5_000 });
    const seen = expect(runWithin(bounds, obedient('no'))).rejects.toMatchObject({ code: 'timeout' });
    clock.advance(1_000);
    await seen;
  });

  it('ends the signal with the call, so that nothing it left behind is sent', async () => {
    const { bounds } = setUp();
    let inner: AbortSignal | undefined;
    await runWithin(bounds, async (signal) => {
      inner = signal;
      expect(signal.aborted).toBe(false);
    });
    expect(inner?.aborted).toBe(true);
    expect(inner?.reason).toMatchObject({ code: 'aborted' });
  });
});
