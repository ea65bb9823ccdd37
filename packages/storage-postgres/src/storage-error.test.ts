import { describe, expect, it } from 'vitest';
import { isKeyTaken, storageError } from './storage-error.ts';

const serverError = (code: string, more: Record<string, string> = {}): Error =>
  Object.assign(new Error('invalid input: "hunter2"'), { code, detail: 'Key (secret)=(hunter2) already exists.', ...more });

describe('storageError', () => {
  const meanings: readonly (readonly [string, string, boolean])[] = [
    ['42P01', 'not_ready', false],
    ['42501', 'not_ready', false],
    ['22021', 'invalid_argument', false],
    ['23505', 'invalid_argument', false],
    ['40P01', 'storage_unavailable', true],
    ['55P03', 'storage_unavailable', true],
    ['57P01', 'storage_unavailable', true],
    ['26000', 'storage_unavailable', true],
  ];
  for (const [state, code, retryable] of meanings) {
    it(`makes ${code} of ${state}`, () => {
      expect(storageError(serverError(state))).toMatchObject({ code, retryable, details: { sqlstate: state } });
    });
  }

  it('repeats nothing of what the server says about the values', () => {
    const error = storageError(serverError('23505', { constraint: 'connections_pkey' }));
    expect(JSON.stringify([error, error.message, error.cause, error.stack])).not.toContain('hunter2');
    expect(error.details).toEqual({ sqlstate: '23505', constraint: 'connections_pkey' });
  });

  it('keeps the cause of a broken connection, and lets the call be repeated', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(storageError(refused)).toMatchObject({ code: 'storage_unavailable', retryable: true, cause: refused });
  });

  it('passes an error of the hub on', () => {
    const error = storageError(serverError('42P01'));
    expect(storageError(error)).toBe(error);
  });
});

it('tells a taken key from other faults', () => {
  expect([serverError('23505'), serverError('22021')].map((error) => isKeyTaken(storageError(error)))).toEqual([true, false]);
});
