import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { createAskConnector } from './ask-connector.ts';

describe('a question to a connector', () => {
  it('gives its answer, at once or later, and leaves no timer behind', async () => {
    const clock = createManualClock();
    const ask = createAskConnector(clock);
    expect(await ask('desk', () => 1)).toBe(1);
    expect(await ask('desk', async () => 2)).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('ends where it is not answered in time, and says so to the code', async () => {
    const clock = createManualClock();
    const ask = createAskConnector(clock);
    const signals: AbortSignal[] = [];
    const silent = ask('desk', ({ signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const careless = ask('desk', () => new Promise(() => undefined));
    clock.advance(7_999);
    expect(signals[0]?.aborted).toBe(false);
    clock.advance(2);
    for (const asked of [silent, careless])
      await expect(asked).rejects.toMatchObject({ code: 'timeout', retryable: true, message: expect.stringContaining('desk') });
    expect(signals[0]?.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('hands on an error of the hub, and nothing that another could quote of the delivery', async () => {
    const ask = createAskConnector(createManualClock());
    const own = new PatchbayError({ code: 'body_invalid', message: 'No.' });
    const refuse = (error: unknown) => () => {
      throw error;
    };
    await expect(ask('desk', refuse(own))).rejects.toBe(own);
    await expect(ask('desk', refuse(new Error('token=hunter2')))).rejects.toMatchObject({
      code: 'internal',
      message: expect.not.stringContaining('hunter2'),
    });
    await expect(ask('desk', () => Promise.reject(new Error('token=hunter2')))).rejects.toMatchObject({ code: 'internal' });
  });
});
