import { describe, expect, it } from 'vitest';
import { toErrorRecord } from './error-record.ts';
import { isPatchbayError, PatchbayError } from './patchbay-error.ts';

describe('an error of the hub', () => {
  const error = new PatchbayError({
    code: 'rate_limited',
    message: 'Too many. Wait.',
    retryable: true,
    retryAfterMs: 1_000,
    sent: 'no',
    cause: new Error('token=hunter2'),
    details: { status: 429, providerCode: 'slow_down', providerRequestId: 'r-1', other: 'x' },
  });

  it('is kept with its code, message and the few facts that help', () => {
    const facts = { status: 429, providerCode: 'slow_down', providerRequestId: 'r-1' };
    expect(toErrorRecord(error)).toEqual({ code: 'rate_limited', message: 'Too many. Wait.', ...facts });
  });

  it('shows neither cause nor stack as JSON', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'rate_limited',
      message: 'Too many. Wait.',
      retryable: true,
      details: { status: 429, providerCode: 'slow_down', providerRequestId: 'r-1', other: 'x' },
    });
  });

  it('is recognised when another installed copy made it, also one of another version', () => {
    const other = Object.assign(new Error('From elsewhere.'), { code: 'conflict', [Symbol.for('patchbay.error')]: true });
    expect(isPatchbayError(other)).toBe(true);
    expect(toErrorRecord(other)).toEqual({ code: 'conflict', message: 'From elsewhere.' });
    for (const value of [null, undefined, 'x', 7, new Error('x'), {}]) expect(isPatchbayError(value)).toBe(false);
  });

  it('is cut to what a store can hold', () => {
    const long = new PatchbayError({
      code: 'internal',
      message: `${'x'.repeat(499)}🚒`,
      details: { providerCode: 'y'.repeat(300), status: '429' },
    });
    const record = toErrorRecord(long);
    expect(record.message).toHaveLength(500);
    expect(record.message.isWellFormed()).toBe(true);
    expect(record.providerCode).toHaveLength(200);
    expect(record.status).toBeUndefined();
    expect(toErrorRecord(new PatchbayError({ code: 'internal', message: 'a\u0000b' })).message).toBe('a\ufffdb');
  });
});

describe('a foreign error', () => {
  it.each([
    [new TypeError('token=hunter2'), 'TypeError'],
    [Object.assign(new Error('x'), { name: 'hunter2 is the password' }), 'an error'],
    [Object.assign(new Error('x'), { name: 'hunter2'.repeat(50) }), 'an error'],
    ['token=hunter2', 'string'],
    [undefined, 'undefined'],
    [{ message: 'hunter2', code: 'hunter2' }, 'object'],
  ])('keeps its kind and withholds its message: %#', (thrown, kind) => {
    const record = toErrorRecord(thrown);
    expect(record.code).toBe('internal');
    expect(record.message).toContain(kind);
    expect(JSON.stringify(record)).not.toContain('hunter2');
  });
});
