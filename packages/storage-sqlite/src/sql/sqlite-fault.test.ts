import { describe, expect, it } from 'vitest';
import { malformed } from './refusal.ts';
import { isBusy, refusalOf } from './sqlite-fault.ts';

const sqliteError = (errcode: number): Error =>
  Object.assign(new Error('near "hunter2": syntax error'), { code: 'ERR_SQLITE_ERROR', errcode });

describe('refusalOf', () => {
  const meanings: readonly (readonly [number, string, boolean])[] = [
    [5, 'storage_unavailable', true],
    [8, 'not_ready', false],
    [11, 'not_ready', false],
    [13, 'storage_unavailable', true],
    [14, 'not_ready', false],
    [26, 'not_ready', false],
    [1, 'storage_unavailable', true],
    [19, 'invalid_argument', false],
    // Extended codes have their primary one in the low byte: SQLITE_IOERR_FSYNC, SQLITE_CONSTRAINT_NOTNULL.
    [1034, 'storage_unavailable', true],
    [1299, 'invalid_argument', false],
  ];
  for (const [errcode, code, retryable] of meanings) {
    it(`makes ${code} of ${errcode}`, () => {
      expect(refusalOf(sqliteError(errcode))).toMatchObject({ code, retryable, details: { sqlite: errcode & 0xff } });
    });
  }

  it('repeats nothing of what SQLite or the engine says', () => {
    const faults = [sqliteError(1), sqliteError(19), new SyntaxError('"hunter2" is not valid JSON'), new TypeError('hunter2')];
    for (const fault of faults) expect(JSON.stringify(refusalOf(fault))).not.toContain('hunter2');
  });

  it('passes a refusal of this package on', () => {
    const refusal = malformed('It is wrong. Mend it.');
    expect(refusalOf(refusal)).toBe(refusal.record);
  });
});

it('tells a lock of another connection from other faults', () => {
  expect([5, 6, 261, 517, 13].map((code) => isBusy(sqliteError(code)))).toEqual([true, true, true, true, false]);
});
