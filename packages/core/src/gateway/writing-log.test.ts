import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { createWritingLog } from './writing-log.ts';

const error = (code: 'network' | 'response_invalid' | 'provider_rejected', sent?: 'no' | 'maybe') =>
  new PatchbayError({ code, message: 'x', ...(sent ? { sent } : {}) });

async function after(write: (answered: () => void) => Promise<unknown>) {
  const log = createWritingLog();
  await log.follow(write).catch(() => undefined);
  return { hasWritten: log.hasWritten(), mayHaveWritten: log.mayHaveWritten() };
}

describe('createWritingLog', () => {
  it.each([
    ['an answer of success', async (answered: () => void) => answered(), { hasWritten: true, mayHaveWritten: false }],
    ['a refusal', () => Promise.reject(error('provider_rejected', 'no')), { hasWritten: false, mayHaveWritten: false }],
    ['a lost connection', () => Promise.reject(error('network', 'maybe')), { hasWritten: false, mayHaveWritten: true }],
    ['a success that cannot be read', () => Promise.reject(error('response_invalid')), { hasWritten: true, mayHaveWritten: false }],
    [
      'an answer that may be an error',
      () => Promise.reject(error('response_invalid', 'maybe')),
      { hasWritten: false, mayHaveWritten: true },
    ],
    ['an error of other code, before the answer', () => Promise.reject(new Error('x')), { hasWritten: false, mayHaveWritten: true }],
    [
      'an error of other code, after it',
      async (answered: () => void) => {
        answered();
        throw new Error('x');
      },
      { hasWritten: true, mayHaveWritten: false },
    ],
  ])('after %s', async (_what, write, expected) => {
    expect(await after(write)).toEqual(expected);
  });

  it('counts a request under way as one that may have arrived', async () => {
    const log = createWritingLog();
    const gate = Promise.withResolvers<void>();
    const write = log.follow(() => gate.promise);
    expect(log.mayHaveWritten()).toBe(true);
    gate.resolve();
    await write;
    expect(log.mayHaveWritten()).toBe(false);
  });

  it('forgets nothing: one uncertain request among good ones stays', async () => {
    const log = createWritingLog();
    await log.follow(async (answered) => answered());
    await log.follow(() => Promise.reject(error('network', 'maybe'))).catch(() => undefined);
    await log.follow(async (answered) => answered());
    expect([log.hasWritten(), log.mayHaveWritten()]).toEqual([true, true]);
  });
});
