import { describe, expect, it } from 'vitest';
import type { WebhookAnswer } from '../connector/webhook-declaration.ts';
import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { MethodError } from '../webhooks/inbound/door/door-errors.ts';
import { recordingOptions } from './__fixtures__/recording-options.ts';
import type { HttpCall } from './http-call.ts';
import { handleCall } from './receive-webhook.ts';

const call = (given: Partial<HttpCall> = {}): HttpCall => ({
  method: 'POST',
  path: given.path ?? '/hub/webhooks/github/r1',
  originalPath: given.path ?? '/hub/webhooks/github/r1',
  query: '',
  headers: {},
  remoteAddress: undefined,
  readBody: async () => Buffer.from('{}'),
  ...given,
});
const unread = { readBody: () => Promise.reject(new Error('the body was read')) };

describe('handleCall', () => {
  it('hands the raw body, the headers and the place on, and answers what the receiver says', async () => {
    const answer = async () => ({ status: 200, contentType: 'application/json', body: '{"challenge":"c"}' });
    const { options, received } = recordingOptions({ answer });
    const reply = await handleCall(options, call({ headers: { 'x-a': '1' }, readBody: async () => Buffer.from('{"a": 1 }') }));
    expect(reply).toEqual({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"challenge":"c"}' });
    expect(received).toEqual([{ connector: 'github', registration: 'r1', headers: { 'x-a': '1' }, text: '{"a": 1 }' }]);
  });

  it('leaves other paths to the host, unread', async () => {
    expect(await handleCall(recordingOptions().options, call({ path: '/hub/orders', ...unread }))).toBeNull();
  });

  it('asks the receiver about methods by which services put challenges, and says that POST is right where it has no answer', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const refusing = recordingOptions({ receive: () => Promise.reject(new MethodError()) });
      expect(await handleCall(refusing.options, call({ method, ...unread }))).toEqual({
        status: 405,
        headers: { 'content-type': 'text/plain; charset=utf-8', allow: 'POST' },
        body: 'Only POST.',
      });
      const receive = async () => ({ status: 200, contentType: 'text/plain', body: 'c', headers: { 'x-a': '1' } });
      const reply = await handleCall(recordingOptions({ receive }).options, call({ method, ...unread }));
      expect(reply).toEqual({ status: 200, headers: { 'content-type': 'text/plain', 'x-a': '1' }, body: 'c' });
    }
  });

  it('takes no other method', async () => {
    for (const method of ['HEAD', 'PUT', 'DELETE', 'post']) {
      const reply = await handleCall(recordingOptions().options, call({ method, ...unread }));
      expect(reply).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    }
  });

  it('refuses a compressed body, whose signature would be over other bytes', async () => {
    const { options } = recordingOptions();
    for (const encoding of ['gzip', 'identity, gzip', ''])
      expect(await handleCall(options, call({ headers: { 'content-encoding': encoding }, ...unread }))).toMatchObject({ status: 415 });
    expect(await handleCall(options, call({ headers: { 'content-encoding': 'Identity' } }))).toMatchObject({ status: 202 });
  });

  it('refuses by its length what is too large, whatever the receiver would say of it', async () => {
    const { options, received } = recordingOptions();
    const tooLarge = { headers: { 'content-length': '1001' }, ...unread };
    expect(await handleCall(options, call(tooLarge))).toMatchObject({ status: 413, body: 'The body is too large.' });
    expect(received).toEqual([]);
  });

  it('reads no body that the receiver does not ask for', async () => {
    const receive = () => Promise.reject(new PatchbayError({ code: 'signature_refused', message: 'Refused.' }));
    expect(await handleCall(recordingOptions({ receive }).options, call(unread))).toMatchObject({ status: 401, body: 'refused' });
  });

  it('holds a body until it is answered, and no longer', async () => {
    const mebibyte = 1_048_576;
    const answered = Promise.withResolvers<WebhookAnswer>();
    const { options } = recordingOptions({ maximumBodyBytes: 64 * mebibyte, answer: () => answered.promise });
    const large = call({
      async readBody(place) {
        place.take(40 * mebibyte);
        return new Uint8Array();
      },
    });
    const first = handleCall(options, large);
    expect(await handleCall(options, large)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    answered.resolve({ status: 202, contentType: 'text/plain', body: '' });
    expect((await first)?.status).toBe(202);
    for (let times = 0; times < 3; times += 1) expect((await handleCall(options, large))?.status).toBe(202);
  });

  it('answers 408 for a body that is late, and does not call it a fault of ours', async () => {
    const { options, clock, errors } = recordingOptions();
    const waiting = call({
      readBody: (place) =>
        new Promise((_resolve, reject) => {
          place.wait(reject);
        }),
    });
    const reply = handleCall(options, waiting);
    await Promise.resolve();
    await Promise.resolve();
    clock.advance(10_000);
    expect(await reply).toEqual({
      status: 408,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'The body did not come in time.',
    });
    expect([errors, clock.pending]).toEqual([[], 0]);
  });

  it('reads nothing before the hub is ready', async () => {
    const ready = () => Promise.reject(new PatchbayError({ code: 'storage_unavailable', message: 'The store is away.' }));
    const { options, received } = recordingOptions({ ready });
    expect(await handleCall(options, call(unread))).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(received).toEqual([]);
  });

  it.each<[ErrorCode, number]>([
    ['signature_refused', 401],
    ['body_invalid', 400],
    ['body_too_large', 413],
    ['invalid_event', 422],
    ['unknown_trigger', 422],
    ['overloaded', 503],
    ['not_ready', 503],
    ['stopped', 503],
    ['storage_unavailable', 503],
    ['body_consumed', 500],
    ['conflict', 500],
  ])('answers %s with %i, and logs only what is ours to mend', async (code, status) => {
    const { options, errors } = recordingOptions({ answer: () => Promise.reject(new PatchbayError({ code, message: 'Why.' })) });
    expect(await handleCall(options, call())).toMatchObject({ status });
    expect(errors).toEqual(status >= 500 ? [{ code, status, reason: 'Why.' }] : []);
  });

  it.each<[ErrorCode, boolean]>([
    ['body_invalid', true],
    ['invalid_event', true],
    ['unknown_trigger', true],
    ['body_consumed', true],
    ['signature_refused', false],
    ['storage_unavailable', false],
    ['vault_key_missing', false],
    ['conflict', false],
  ])('tells the sender why after %s: %s', async (code, told) => {
    const { options } = recordingOptions({ answer: () => Promise.reject(new PatchbayError({ code, message: 'The reason.' })) });
    expect((await handleCall(options, call()))?.body.includes('The reason.')).toBe(told);
  });

  it('says nothing of what code outside the hub threw', async () => {
    const { options, errors } = recordingOptions({ answer: () => Promise.reject(new Error('token s3cret')) });
    const reply = await handleCall(options, call());
    expect(reply).toMatchObject({ status: 500 });
    expect(JSON.stringify([reply, errors])).not.toContain('s3cret');
  });

  it('tells a stranger nothing by a refusal but that it is one', async () => {
    const bodies = ['No such registration.', 'The signature is missing.'].map(async (message) => {
      const { options } = recordingOptions({ answer: () => Promise.reject(new PatchbayError({ code: 'signature_refused', message })) });
      return handleCall(options, call());
    });
    const [first, second] = await Promise.all(bodies);
    expect(first).toEqual(second);
  });
});
