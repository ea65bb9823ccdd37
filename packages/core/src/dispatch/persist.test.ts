import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { promisesSettle } from './__fixtures__/claimed-dispatch.ts';
import { isRefusal, persist } from './persist.ts';

const refusal = new PatchbayError({ code: 'invalid_argument', message: 'The store cannot hold this text.' });
const away = new PatchbayError({ code: 'storage_unavailable', message: 'The store is away.', retryable: true });

/** A write that fails as given, then succeeds. */
function failingWrite(...errors: unknown[]) {
  const write = async (): Promise<string> => {
    write.tries += 1;
    if (errors.length > 0) throw errors.shift();
    return 'written';
  };
  write.tries = 0;
  return write;
}

const setting = () => {
  const clock = createManualClock();
  const giveUp = new AbortController();
  return { clock, giveUp, options: { clock, random: () => 1, giveUp: giveUp.signal } };
};

describe('persist', () => {
  it('repeats until the store gives its verdict, however long it is away', async () => {
    const { clock, options } = setting();
    const write = failingWrite(...Array.from({ length: 40 }, (_, index) => (index % 2 ? away : new Error('read ECONNRESET'))));
    const written = persist(options, write);
    for (let pause = 0; pause < 40; pause += 1) {
      await promisesSettle();
      clock.advance(2_000);
    }
    expect(await written).toBe('written');
    expect(write.tries).toBe(41);
    expect(clock.pending).toBe(0);
  });

  it('pauses longer each time, up to two seconds', async () => {
    const { clock, options } = setting();
    const write = failingWrite(...Array.from({ length: 8 }, () => away));
    const written = persist(options, write);
    const pauses: number[] = [];
    for (let tries = 1; tries < 9; tries += 1) {
      await promisesSettle();
      const before = clock.monotonic();
      while (clock.pending > 0) clock.advance(50);
      pauses.push(clock.monotonic() - before);
    }
    await written;
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
  });

  it('throws at once what the store refuses for the sake of the write itself', async () => {
    const { options } = setting();
    const write = failingWrite(refusal);
    await expect(persist(options, write)).rejects.toBe(refusal);
    expect(write.tries).toBe(1);
  });

  it('repeats even that where it is told to', async () => {
    const { clock, options } = setting();
    const written = persist({ ...options, evenRefused: true }, failingWrite(refusal));
    await promisesSettle();
    clock.advance(2_000);
    expect(await written).toBe('written');
  });

  it('gives up when the process does, after one more try and without leaving a timer', async () => {
    const { clock, giveUp, options } = setting();
    const write = failingWrite(away, away, away);
    const written = persist(options, write);
    written.catch(() => undefined);
    await promisesSettle();
    giveUp.abort();
    await expect(written).rejects.toBe(away);
    expect(write.tries).toBe(2);
    expect(clock.pending).toBe(0);
  });
});

describe('isRefusal', () => {
  it.each([
    [refusal, true],
    [away, false],
    [new PatchbayError({ code: 'not_ready', message: 'The schema is missing.' }), false],
    [new Error('read ECONNRESET'), false],
    [undefined, false],
  ])('tells a fault of the write from one of the store: %s', (error, refused) => {
    expect(isRefusal(error)).toBe(refused);
  });
});
