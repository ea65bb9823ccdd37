import { expect, it } from 'vitest';
import { resolveRequestLog } from './request-log-options.ts';

it('keeps every request for 14 days where the host says nothing', () => {
  expect(resolveRequestLog()).toEqual({ enabled: true, successShare: 1, retentionDays: 14 });
});

it.each([{ successShare: 2 }, { successShare: Number.NaN }, { retentionDays: 0 }, { retentionDays: 1.5 }, { share: 1 }])(
  'refuses %j',
  (options) => {
    expect(() => resolveRequestLog(options)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  },
);
