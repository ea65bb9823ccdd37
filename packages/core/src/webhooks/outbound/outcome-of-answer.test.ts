import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { egressRefused } from '../../net/egress-refused.ts';
import { outcomeOfAnswer, outcomeOfFailure } from './outcome-of-answer.ts';

const failure = (code: 'network' | 'timeout' | 'response_invalid' | 'stopped', sent: 'no' | 'maybe') =>
  outcomeOfFailure(new PatchbayError({ code, message: 'Inside: 10.0.0.7 refused.', sent, retryable: true }));

describe('the outcome of a delivery', () => {
  it.each([200, 201, 204, 299])('is success by %s', (status) => {
    expect(outcomeOfAnswer({ status })).toMatchObject({ outcome: { outcome: 'succeeded' }, errorClass: null });
  });

  it.each([
    [304, true, 'provider_rejected'],
    [404, true, 'provider_rejected'],
    [408, true, 'timeout'],
    [410, false, 'provider_rejected'],
    [429, true, 'rate_limited'],
    [503, true, 'provider_unavailable'],
  ])('is failure by %s', (status, retryable, code) => {
    expect(outcomeOfAnswer({ status })).toMatchObject({
      outcome: { outcome: 'failed', retryable, error: { code, status } },
      errorClass: 'status',
    });
  });

  it('is the same to the last byte for a target that is refused and one that is not there', () => {
    const refusals = (['address', 'name', 'peer', 'loopback'] as const).map((reason) => outcomeOfFailure(egressRefused(reason)));
    const absent = [failure('network', 'no'), failure('timeout', 'no')];
    expect(new Set([...refusals, ...absent].map((each) => JSON.stringify(each))).size).toBe(1);
    expect(absent[0]).toMatchObject({ errorClass: 'unreachable', sent: 'no', outcome: { retryable: true } });
  });

  it('tells what kept an answer away, and nothing that the error said', () => {
    expect(failure('timeout', 'maybe').errorClass).toBe('timeout');
    expect(failure('network', 'maybe').errorClass).toBe('connection_lost');
    expect(failure('response_invalid', 'maybe').errorClass).toBe('invalid_answer');
    expect(failure('stopped', 'no').errorClass).toBe('connection_lost');
    const foreign = outcomeOfFailure(new Error('Inside: 10.0.0.7'));
    expect(JSON.stringify([foreign, failure('timeout', 'maybe')])).not.toContain('10.0.0.7');
  });
});
