import { describe, expect, it } from 'vitest';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { CallEnding } from '../call-guard.ts';
import { faultOfStatus } from '../fault-of-status.ts';
import { callVerdict } from './call-verdict.ts';

const good: CallEnding = { sent: true, status: 200, headers: {}, fault: null, durationMs: 5, requestBytes: 0, responseBytes: 2 };
const error = (code: ConstructorParameters<typeof PatchbayError>[0]['code']) => new PatchbayError({ code, message: 'x' });

function answered(status: number): CallEnding {
  const fault = faultOfStatus({ status });
  return { ...good, status, fault: fault ? new PatchbayError({ ...fault, details: { status } }) : null };
}
const thrown = (code: Parameters<typeof error>[0], changes: Partial<CallEnding> = {}): CallEnding => ({
  ...good,
  status: null,
  headers: null,
  fault: error(code),
  ...changes,
});

describe('callVerdict', () => {
  it.each([200, 204, 400, 401, 403, 404, 409, 422, 501])('takes %s for the word of a service that works', (status) => {
    expect(callVerdict(answered(status))).toBe('good');
  });

  it.each([500, 502, 503, 504, 520, 529])('takes %s for a failure of the service', (status) => {
    expect(callVerdict(answered(status))).toBe('bad');
  });

  it.each([408, 429])('takes nothing from %s', (status) => {
    expect(callVerdict(answered(status))).toBe('none');
  });

  it('goes by what the connector makes of an answer', () => {
    expect(callVerdict({ ...answered(503), fault: error('rate_limited') })).toBe('none');
    expect(callVerdict({ ...answered(200), fault: error('provider_unavailable') })).toBe('good');
    expect(callVerdict({ ...answered(500), fault: error('provider_rejected') })).toBe('bad');
  });

  it('takes a network that does not carry, and a time-out after a second, for a failure', () => {
    expect(callVerdict(thrown('network'))).toBe('bad');
    expect(callVerdict(thrown('timeout', { durationMs: 1_000 }))).toBe('bad');
    expect(callVerdict(thrown('timeout', { durationMs: 999 }))).toBe('none');
  });

  it('takes nothing from a call that was taken back, refused or never sent', () => {
    for (const code of ['aborted', 'lease_lost', 'egress_refused', 'stopped'] as const) expect(callVerdict(thrown(code))).toBe('none');
    expect(callVerdict(thrown('network', { sent: false }))).toBe('none');
    expect(callVerdict({ ...good, sent: false })).toBe('none');
  });
});
