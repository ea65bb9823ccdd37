import { describe, expect, it } from 'vitest';
import type { IdempotencyClass } from '../../contracts/idempotency.ts';
import type { ErrorCode } from '../../errors/error-code.ts';
import { PatchbayError, type Sent } from '../../errors/patchbay-error.ts';
import { outcomeOfCall } from './outcome-of-call.ts';

const error = (code: ErrorCode, more: { readonly sent?: Sent; readonly retryable?: boolean; readonly retryAfterMs?: number } = {}) =>
  new PatchbayError({ code, message: 'It went wrong.', ...more });

describe('what a built-in action throws', () => {
  it.each<[unknown, IdempotencyClass, object]>([
    // A word of the action's own that nothing has happened.
    [error('provider_rejected'), 'unsafe', { outcome: 'failed', retryable: false }],
    [error('provider_unavailable', { retryable: true, sent: 'no' }), 'unsafe', { outcome: 'failed', retryable: true }],
    [error('rate_limited', { retryable: true, retryAfterMs: 700 }), 'keyed', { outcome: 'failed', retryable: true, retryAfterMs: 700 }],
    // That nobody can tell.
    [error('network', { sent: 'maybe', retryable: true }), 'unsafe', { outcome: 'unknown' }],
    [error('network', { sent: 'maybe' }), 'keyed', { outcome: 'unknown' }],
    [error('network', { sent: 'maybe', retryable: true }), 'read', { outcome: 'failed', retryable: true }],
    // It was stopped from outside.
    [error('timeout', { retryable: true }), 'unsafe', { outcome: 'unknown' }],
    [error('aborted'), 'idempotent', { outcome: 'unknown' }],
    [error('timeout', { sent: 'no', retryable: true }), 'unsafe', { outcome: 'failed', retryable: true }],
    [error('lease_lost', { sent: 'no' }), 'unsafe', { outcome: 'deferred', delayMs: 0, reason: 'lease_lost' }],
    [error('aborted'), 'read', { outcome: 'deferred', delayMs: 0, reason: 'aborted' }],
    // Code that threw something of its own.
    [new Error('boom'), 'unsafe', { outcome: 'unknown' }],
    [new Error('boom'), 'keyed', { outcome: 'failed', retryable: true }],
    [new Error('boom'), 'read', { outcome: 'failed', retryable: true }],
    ['boom', 'reconcilable', { outcome: 'failed', retryable: true }],
  ])('%s of class %s is %o', (thrown, idempotency, outcome) => {
    expect(outcomeOfCall(thrown, idempotency)).toMatchObject(outcome);
  });

  it('tells nothing of an error that is not the hub’s', () => {
    expect(JSON.stringify(outcomeOfCall(new Error('canary'), 'unsafe'))).not.toContain('canary');
  });
});
