import { describe, expect, it } from 'vitest';
import type { IdempotencyClass } from '../contracts/idempotency.ts';
import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError, type PatchbayErrorInput } from '../errors/patchbay-error.ts';
import { type KnownOfCall, outcomeOfError, outcomeOfPreparing } from './outcome-of-error.ts';

const classes: readonly IdempotencyClass[] = ['read', 'idempotent', 'keyed', 'reconcilable', 'unsafe'];
const writing = classes.filter((each) => each !== 'read');
const nothing: KnownOfCall = { hasWritten: false, mayHaveWritten: false, takenBack: false, isHeldBack: false };
const error = (code: ErrorCode, changes: Partial<PatchbayErrorInput> = {}) =>
  new PatchbayError({ code, message: 'It failed.', ...changes });
const foreign = new TypeError('cannot read tok-123456');

/** In short: `unknown`, `deferred`, `retry`, `final`. */
function meaning(thrown: unknown, idempotency: IdempotencyClass, known: Partial<KnownOfCall> = {}): string {
  const outcome = outcomeOfError(thrown, idempotency, { ...nothing, ...known });
  return outcome.outcome === 'failed' ? (outcome.retryable ? 'retry' : 'final') : outcome.outcome;
}

describe('before anything was written', () => {
  it.each<[string, unknown, string]>([
    ['the service refuses', error('provider_rejected', { sent: 'no' }), 'final'],
    ['the credential is refused', error('authentication_failed', { sent: 'no' }), 'final'],
    ['a scope is missing', error('scope_missing', { sent: 'no' }), 'final'],
    ['the rate is limited', error('rate_limited', { sent: 'no', retryable: true }), 'retry'],
    ['the service is away', error('provider_unavailable', { sent: 'no', retryable: true }), 'retry'],
    ['the connection is refused', error('network', { sent: 'no', retryable: true }), 'retry'],
    ['a read got no answer', error('network', { sent: 'maybe', retryable: true }), 'retry'],
    ['a read timed out', error('timeout', { sent: 'maybe', retryable: true }), 'retry'],
    ['a read failed at the service', error('provider_error', { sent: 'maybe', retryable: true }), 'retry'],
    ['an answer is too large', error('response_too_large', { sent: 'maybe' }), 'final'],
    ['an answer cannot be read', error('response_invalid'), 'final'],
    ['the input is wrong', error('invalid_input'), 'final'],
    ['the output is wrong', error('invalid_output'), 'final'],
    ['the way is closed', error('egress_refused', { sent: 'no' }), 'final'],
    ['code of others throws', foreign, 'final'],
    ['code of others throws text', 'tok-123456', 'final'],
    ['code of others throws nothing', undefined, 'final'],
    ['code of others says that it was aborted', error('aborted', { retryable: true }), 'retry'],
    ['code of others says that the lease is lost', error('lease_lost'), 'retry'],
  ])('where %s, every class comes to the same', (_what, thrown, expected) => {
    for (const each of classes) expect([each, meaning(thrown, each)]).toEqual([each, expected]);
  });

  it.each<ErrorCode>(['aborted', 'lease_lost'])('a call that was taken back (%s) goes back without an attempt', (code) => {
    for (const each of classes) {
      expect(outcomeOfError(error(code), each, { ...nothing, takenBack: true, isHeldBack: false })).toEqual({
        outcome: 'deferred',
        delayMs: 0,
        reason: code,
      });
    }
  });

  it('a failure of its own stays one although the worker stops', () => {
    expect(meaning(error('provider_rejected'), 'read', { takenBack: true, isHeldBack: false })).toBe('final');
    expect(meaning(foreign, 'unsafe', { takenBack: true, isHeldBack: false })).toBe('final');
  });

  it('a wait that the service asks for is handed on, and closes the lane only for a rate limit', () => {
    expect(outcomeOfError(error('rate_limited', { retryable: true, retryAfterMs: 7 }), 'unsafe', nothing)).toMatchObject({
      retryAfterMs: 7,
      closeLane: 'rate_limited',
    });
    const away = outcomeOfError(error('provider_unavailable', { retryable: true, retryAfterMs: 7 }), 'unsafe', nothing);
    expect(away).toMatchObject({ retryAfterMs: 7 });
    expect(away).not.toHaveProperty('closeLane');
  });
});

describe('when a write may have arrived', () => {
  const errors = [
    error('network', { sent: 'maybe', retryable: true }),
    error('timeout', { retryable: true }),
    error('response_too_large', { sent: 'maybe' }),
    error('aborted'),
    error('lease_lost'),
    error('provider_rejected', { sent: 'no' }),
    error('rate_limited', { sent: 'no', retryable: true }),
    foreign,
    undefined,
  ];

  it('the outcome is unknown for every class that writes, whatever was thrown and whether or not the call was taken back', () => {
    for (const takenBack of [false, true]) {
      for (const each of writing)
        for (const thrown of errors) expect(meaning(thrown, each, { mayHaveWritten: true, takenBack })).toBe('unknown');
    }
  });

  it('a read is a read, also where its service wants it by POST', () => {
    expect(meaning(error('network', { sent: 'maybe', retryable: true }), 'read', { mayHaveWritten: true })).toBe('retry');
    expect(meaning(error('aborted'), 'read', { mayHaveWritten: true, takenBack: true, isHeldBack: false })).toBe('deferred');
  });
});

describe('when a write was answered with success', () => {
  const cases: readonly [string, unknown, Readonly<Record<string, string>>][] = [
    [
      'a later request is refused',
      error('provider_rejected', { sent: 'no' }),
      { idempotent: 'final', keyed: 'final', reconcilable: 'final', unsafe: 'final' },
    ],
    [
      'a later request is limited',
      error('rate_limited', { sent: 'no', retryable: true }),
      { idempotent: 'unknown', keyed: 'unknown', reconcilable: 'unknown', unsafe: 'final' },
    ],
    [
      'its answer cannot be read',
      error('response_invalid'),
      { idempotent: 'final', keyed: 'final', reconcilable: 'unknown', unsafe: 'final' },
    ],
    ['the output is wrong', error('invalid_output'), { idempotent: 'final', keyed: 'final', reconcilable: 'final', unsafe: 'final' }],
    ['code of others throws', foreign, { idempotent: 'final', keyed: 'final', reconcilable: 'unknown', unsafe: 'final' }],
    [
      'the action takes too long',
      error('timeout', { retryable: true }),
      { idempotent: 'unknown', keyed: 'unknown', reconcilable: 'unknown', unsafe: 'final' },
    ],
    ['the call is taken back', error('lease_lost'), { idempotent: 'unknown', keyed: 'unknown', reconcilable: 'unknown', unsafe: 'final' }],
  ];

  it.each(cases)('and %s, it is repeated only where that does no harm, and looked up where it can be', (_what, thrown, expected) => {
    for (const takenBack of [false, true]) {
      const found = Object.fromEntries(writing.map((each) => [each, meaning(thrown, each, { hasWritten: true, takenBack })]));
      expect(found).toEqual(expected);
    }
  });

  it('the error says that it was written', () => {
    expect(outcomeOfError(foreign, 'unsafe', { ...nothing, hasWritten: true })).toMatchObject({
      error: { message: expect.stringMatching(/TypeError.*answered with success, so it is not repeated\.$/) },
    });
  });
});

describe('before anything was tried', () => {
  it.each<[string, unknown, object]>([
    ['a store that is away', foreign, { outcome: 'deferred', delayMs: 5_000, reason: 'internal' }],
    ['a store that says so', error('storage_unavailable', { retryable: true }), { outcome: 'deferred', reason: 'storage_unavailable' }],
    ['a key service that asks to wait', error('not_ready', { retryable: true, retryAfterMs: 7 }), { outcome: 'deferred', delayMs: 7 }],
    ['a store that is too slow', error('timeout', { retryable: true }), { outcome: 'deferred', delayMs: 5_000, reason: 'timeout' }],
    ['a lease that was lost meanwhile', error('lease_lost'), { outcome: 'deferred', delayMs: 0, reason: 'lease_lost' }],
    ['a hub that stops', error('aborted'), { outcome: 'deferred', delayMs: 0, reason: 'aborted' }],
    ['a key that was destroyed', error('vault_key_destroyed'), { outcome: 'failed', retryable: false }],
    ['a credential that is missing', error('credential_missing'), { outcome: 'failed', retryable: false }],
    ['a way that is closed', error('egress_refused'), { outcome: 'failed', retryable: false }],
  ])('%s', (_what, thrown, expected) => {
    expect(outcomeOfPreparing(thrown)).toMatchObject(expected);
    expect(JSON.stringify(outcomeOfPreparing(thrown))).not.toContain('tok-123456');
  });
});

it('no outcome carries what foreign code said', () => {
  for (const each of classes)
    for (const known of [nothing, { ...nothing, hasWritten: true }, { ...nothing, mayHaveWritten: true }])
      for (const thrown of [foreign, 'tok-123456', { message: 'tok-123456' }])
        expect(JSON.stringify(outcomeOfError(thrown, each, known))).not.toContain('tok-123456');
});
