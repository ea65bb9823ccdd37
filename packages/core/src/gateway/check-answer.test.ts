import { describe, expect, it } from 'vitest';
import { sampleConnector, type sampleDefinition } from '../connector/__fixtures__/sample-connector.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { ProviderFault } from '../connector/provider-answer.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { checkAnswer } from './check-answer.ts';

const clock = createManualClock();

function check(status: number, body: string | Uint8Array, changes: Partial<typeof sampleDefinition> = {}, headers = {}): unknown {
  const definition: AnyDefinition = sampleConnector(changes).definition;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  try {
    return checkAnswer({ clock }, definition, { method: 'POST' }, { status, headers, body: bytes });
  } catch (error) {
    return error;
  }
}

const fault = (changes: object = {}): ProviderFault => ({ code: 'provider_rejected', message: 'No.', retryable: false, ...changes });

describe('a good answer', () => {
  it('is its parsed body, and nothing where it is empty', () => {
    expect(check(200, '{"a":1}')).toEqual({ a: 1 });
    expect(check(200, '\uFEFF{"a":1}')).toEqual({ a: 1 });
    expect(check(201, '')).toBeUndefined();
    expect(check(204, '')).toBeUndefined();
  });

  it.each([
    ['HTML', '<html>'],
    ['half of JSON', '{"a":'],
    ['what is not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['compressed bytes', Uint8Array.of(0x1f, 0x8b, 8, 0)],
    ['JSON that nests without end', '['.repeat(100_000)],
    ['JSON that nests too deep', `${'['.repeat(501)}${']'.repeat(501)}`],
  ])('is refused as %s, and nothing says that it was not done', (_what, body) => {
    const error = check(200, body);
    expect(error).toMatchObject({ code: 'response_invalid', retryable: false, details: { status: 200 } });
    expect(error).toHaveProperty('sent', undefined);
  });
});

describe('a redirect', () => {
  it.each([
    [300, 'maybe'],
    [301, 'no'],
    [302, 'maybe'],
    [303, 'maybe'],
    [304, 'maybe'],
    [307, 'no'],
    [308, 'no'],
  ])('%d is an error; the request may have been done: %s', (status, sent) => {
    const error = check(status, '{}', {}, { location: 'https://evil.com/?token=x' });
    expect(error).toMatchObject({ code: 'provider_rejected', retryable: false, sent, details: { status } });
    expect(String(error)).not.toContain('evil.com');
  });
});

describe('a status that means an error', () => {
  it.each([
    [400, 'provider_rejected', false, 'no'],
    [401, 'authentication_failed', false, 'no'],
    [403, 'permission_denied', false, 'no'],
    [404, 'provider_not_found', false, 'no'],
    [408, 'provider_error', true, 'maybe'],
    [409, 'provider_conflict', false, 'no'],
    [410, 'provider_not_found', false, 'no'],
    [412, 'provider_conflict', false, 'no'],
    [422, 'provider_rejected', false, 'no'],
    [429, 'rate_limited', true, 'no'],
    [500, 'provider_error', true, 'maybe'],
    [502, 'provider_error', true, 'maybe'],
    [503, 'provider_unavailable', true, 'no'],
    [504, 'provider_error', true, 'maybe'],
    [599, 'provider_error', true, 'maybe'],
  ])('%d is %s, retryable %s, sent %s', (status, code, retryable, sent) => {
    for (const body of ['{}', '', '<html>']) expect(check(status, body)).toMatchObject({ code, retryable, sent, details: { status } });
  });

  it('carries the wait that the service asks for', () => {
    expect(check(429, '{}', {}, { 'retry-after': '7' })).toMatchObject({ retryAfterMs: 7_000 });
    expect(check(503, '', {}, { 'retry-after': new Date(clock.now() + 9_000).toUTCString() })).toMatchObject({ retryAfterMs: 9_000 });
    for (const hostile of ['-5', 'NaN', '1e999', ['1', '2']]) {
      expect(check(429, '{}', {}, { 'retry-after': hostile })).toHaveProperty('retryAfterMs', undefined);
    }
  });
});

describe('the mapping of a connector', () => {
  it('says what an answer means, and may narrow whether it was done', () => {
    const mapError = () => fault({ code: 'scope_missing', providerCode: 'missing_scope', sent: 'no', retryAfterMs: 3 });
    expect(check(500, '{}', { mapError }, { 'retry-after': '9' })).toMatchObject({
      code: 'scope_missing',
      sent: 'no',
      retryAfterMs: 3,
      details: { status: 500, providerCode: 'missing_scope' },
    });
  });

  it('is told apart by the id that the service gave the request, where its header is known', () => {
    const headers = { 'x-request-id': 'r'.repeat(300) };
    expect(check(422, '{}', { requestIdHeader: 'x-request-id' }, headers)).toMatchObject({
      details: { status: 422, providerRequestId: 'r'.repeat(200) },
    });
    for (const known of [{}, { requestIdHeader: 'x-other' }])
      expect(check(422, '{}', known, headers)).not.toHaveProperty('details.providerRequestId');
  });

  it('leaves to the status what it does not say', () => {
    expect(check(500, '{}', { mapError: () => fault() })).toMatchObject({ code: 'provider_rejected', sent: 'maybe' });
    expect(check(500, '{}', { mapError: () => fault({ sent: undefined }) })).toMatchObject({ sent: 'maybe' });
    expect(check(404, '{}', { mapError: () => undefined })).toMatchObject({ code: 'provider_not_found' });
  });

  it('is asked about a success only where the service says errors there', () => {
    const mapError = () => fault();
    expect(check(200, '{"ok":false}', { mapError })).toEqual({ ok: false });
    expect(check(200, '{"ok":false}', { mapError, errorsInSuccess: true })).toMatchObject({ code: 'provider_rejected', sent: 'no' });
    expect(check(200, '{"ok":true}', { mapError: () => undefined, errorsInSuccess: true })).toEqual({ ok: true });
    expect(check(200, '<html>', { mapError: () => undefined, errorsInSuccess: true })).toMatchObject({ code: 'response_invalid' });
  });

  const broken: readonly [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw new TypeError('tok-123456');
      },
    ],
    ['gives null', () => null],
    ['gives text', () => 'no'],
    ['gives a promise', async () => fault()],
    ['gives an empty object', () => ({})],
    ['gives a code that is none', () => fault({ code: 'weird' })],
    ['gives an inherited name as the code', () => fault({ code: 'constructor' })],
    ['gives no message', () => fault({ message: undefined })],
    ['gives an empty message', () => fault({ message: '' })],
    ['gives an object for a message', () => fault({ message: { a: 1 } })],
    ['does not say whether to retry', () => fault({ retryable: 'yes' })],
  ];

  it.each(broken)('that %s leaves an error to its status', (_what, mapError) => {
    const error = check(500, '{}', { mapError: mapError as () => ProviderFault });
    expect(error).toMatchObject({ code: 'provider_error', retryable: true, sent: 'maybe' });
    expect(String(error)).not.toContain('tok-123456');
  });

  it.each(broken)('that %s leaves it open whether a success was one', (_what, mapError) => {
    const error = check(200, '{}', { mapError: mapError as () => ProviderFault, errorsInSuccess: true });
    expect(error).toMatchObject({ code: 'response_invalid', sent: 'maybe' });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5', null])('cannot make the wait %j', (retryAfterMs) => {
    const mapError = () => fault({ code: 'rate_limited', retryAfterMs });
    expect(check(429, '{}', { mapError })).toMatchObject({ code: 'rate_limited', retryAfterMs: undefined });
    expect(check(429, '{}', { mapError }, { 'retry-after': '2' })).toMatchObject({ retryAfterMs: 2_000 });
  });

  it('cannot make an endless text', () => {
    const mapError = () => fault({ message: 'x'.repeat(10_000), providerCode: 'y'.repeat(10_000) });
    const error = check(400, '{}', { mapError });
    expect(error).toMatchObject({ message: 'x'.repeat(500), details: { providerCode: 'y'.repeat(100) } });
  });
});
