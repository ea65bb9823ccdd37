import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FakeProvider, type FakeProviderOptions, startFakeProvider } from './fake-provider.ts';
import { hashCredential } from './provider-request.ts';

async function start(options: FakeProviderOptions = {}): Promise<FakeProvider> {
  const provider = await startFakeProvider({
    routes: { 'POST /things/:id': ({ parameters }) => ({ status: 201, json: { id: parameters['id'] ?? '' }, effect: true }) },
    ...options,
  });
  onTestFinished(() => provider.close());
  return provider;
}

const post = (provider: FakeProvider, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Promise<Response> =>
  fetch(`${provider.origin}/things/a%2Fb?x=1`, { method: 'POST', body: '{"n":1}', headers, ...(signal ? { signal } : {}) });

describe('startFakeProvider', () => {
  it('answers by route, with decoded segments, and by the handler what no route fits', async () => {
    const provider = await start({ handler: ({ path }) => ({ status: 404, json: { path } }) });
    const created = await post(provider);
    expect([created.status, await created.json()]).toEqual([201, { id: 'a/b' }]);
    const other = await fetch(`${provider.origin}/things`);
    expect([other.status, await other.json()]).toEqual([404, { path: '/things' }]);
  });

  it('answers with text as it is', async () => {
    const provider = await start({ handler: () => ({ text: '<p>Busy</p>' }) });
    const answer = await fetch(`${provider.origin}/page`);
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/plain; charset=utf-8', '<p>Busy</p>']);
  });

  it('logs each request, without its credential', async () => {
    const provider = await start();
    await post(provider, { authorization: 'Bearer secret', 'idempotency-key': 'k1' });
    expect(provider.requests).toEqual([
      expect.objectContaining({
        number: 1,
        method: 'POST',
        path: '/things/a%2Fb?x=1',
        body: '{"n":1}',
        idempotencyKey: 'k1',
        effect: true,
        status: 201,
        fault: undefined,
      }),
    ]);
    expect(provider.requests[0]?.headers['authorization']).toBe(hashCredential('Bearer secret'));
    expect(JSON.stringify(provider.requests)).not.toContain('secret');
  });

  it('tells a retry from a duplicate: two requests of one key with one effect, or with two', async () => {
    const provider = await start();
    provider.failNext(1, { kind: 'answer', status: 503 });
    await post(provider, { 'idempotency-key': 'retried' });
    await post(provider, { 'idempotency-key': 'retried' });
    await post(provider, { 'idempotency-key': 'duplicate' });
    await post(provider, { 'idempotency-key': 'duplicate' });
    const effectsOf = (key: string) => provider.requests.filter(({ idempotencyKey }) => idempotencyKey === key).map(({ effect }) => effect);
    expect(effectsOf('retried')).toEqual([false, true]);
    expect(effectsOf('duplicate')).toEqual([true, true]);
  });

  it('drops a repeated key where it is told to: one effect, one answer, also for a lost one and for two at once', async () => {
    let made = 0;
    const routes = {
      'POST /things/:id': () => {
        made += 1;
        return { status: made === 1 ? 422 : 201, json: { made }, effect: made > 1 };
      },
    };
    const provider = await start({ routes, dropsRepeatedKeys: true });
    const send = async (key: string) => await (await post(provider, { 'idempotency-key': key })).json();
    expect(await send('one')).toEqual({ made: 1 });
    provider.failNext(1, { kind: 'reset', when: 'after_effect' });
    await expect(send('one')).rejects.toThrow('fetch failed');
    expect(await send('one')).toEqual({ made: 2 });
    expect(await Promise.all([send('two'), send('two')])).toEqual([{ made: 3 }, { made: 3 }]);
    await post(provider);
    await post(provider);
    expect(made).toBe(5);
    expect(provider.effects().map(({ idempotencyKey }) => idempotencyKey)).toEqual(['one', 'two', undefined, undefined]);
  });

  it('plays faults in their order, for as many requests as it was told', async () => {
    const provider = await start();
    provider.failNext(2, { kind: 'answer', status: 500, body: { broken: true } });
    provider.failNext(1, { kind: 'answer', status: 418 });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await post(provider)).status);
    expect(statuses).toEqual([500, 500, 418, 201]);
  });

  it('spares requests that a fault does not match, and keeps it for the next that it does', async () => {
    const provider = await start();
    provider.failNext(1, { kind: 'answer', status: 500, match: /^POST / });
    expect((await fetch(`${provider.origin}/things`)).status).toBe(404);
    expect((await post(provider)).status).toBe(500);
  });

  it('names the time of a rate limit in seconds, as a date, or not at all', async () => {
    const provider = await start({ limitBody: { slow: 'down' } });
    provider.failNext(1, { kind: 'rate_limit', retryAfter: 7 });
    provider.failNext(1, { kind: 'rate_limit', retryAfter: new Date('2026-01-01T00:00:00Z'), status: 403 });
    provider.failNext(1, { kind: 'rate_limit', headers: { 'x-left': '0' } });
    const answers = [await post(provider), await post(provider), await post(provider)];
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [429, '7'],
      [403, 'Thu, 01 Jan 2026 00:00:00 GMT'],
      [429, null],
    ]);
    expect(await answers[0]?.json()).toEqual({ slow: 'down' });
    expect(provider.effects()).toEqual([]);
  });

  it.each([
    ['before_reading', false],
    ['after_reading', false],
    ['after_effect', true],
  ] as const)('resets %s: effect %s', async (when, effect) => {
    const provider = await start();
    provider.failNext(1, { kind: 'reset', when });
    await expect(post(provider)).rejects.toThrow('fetch failed');
    await provider.idle();
    expect(provider.requests).toEqual([
      expect.objectContaining({ effect, status: undefined, fault: 'reset', body: when === 'before_reading' ? '' : '{"n":1}' }),
    ]);
  });

  it('hangs until the caller goes, with or without effect', async () => {
    const provider = await start();
    provider.failNext(1, { kind: 'hang' });
    provider.failNext(1, { kind: 'hang', effect: true });
    await expect(post(provider, {}, AbortSignal.timeout(100))).rejects.toThrow();
    await expect(post(provider, {}, AbortSignal.timeout(100))).rejects.toThrow();
    expect(provider.requests.map(({ effect }) => effect)).toEqual([false, true]);
  });

  it('takes effect after the caller has gone', async () => {
    const provider = await start();
    provider.failNext(1, { kind: 'late_answer', effect: 'after_the_client_left' });
    await expect(post(provider, {}, AbortSignal.timeout(100))).rejects.toThrow();
    await provider.idle();
    expect(provider.effects()).toEqual([expect.objectContaining({ fault: 'late_answer' })]);
  });

  it('sends a true answer slowly', async () => {
    const provider = await start();
    provider.failNext(1, { kind: 'slow_body', pauseMs: 0 });
    const answer = await post(provider);
    const text = await answer.text();
    expect(text).toHaveLength(2_000);
    expect(JSON.parse(text)).toEqual({ id: 'a/b' });
  });

  it('sends a huge body, the credential back, and half an answer', async () => {
    const provider = await start();
    provider.failNext(1, { kind: 'huge_body', bytes: 3_000_000 });
    provider.failNext(1, { kind: 'echo_credential' });
    provider.failNext(1, { kind: 'echo_credential', credential: 'a key from elsewhere' });
    provider.failNext(1, { kind: 'malformed' });
    expect((await (await post(provider)).arrayBuffer()).byteLength).toBe(3_000_000);
    expect(await (await post(provider, { authorization: 'Bearer secret' })).text()).toContain('Bearer secret');
    expect(await (await post(provider)).text()).toContain('a key from elsewhere');
    await expect((await post(provider)).json()).rejects.toThrow(SyntaxError);
    expect(provider.requests.map(({ effect }) => effect)).toEqual([false, false, false, true]);
  });

  it('answers a handler that throws so that it is seen', async () => {
    const provider = await start({
      handler: () => {
        throw new Error('a fault of the test');
      },
    });
    const answer = await fetch(`${provider.origin}/other`);
    expect([answer.status, await answer.text()]).toEqual([599, expect.stringContaining('a fault of the test')]);
  });

  it('leaves no socket when it is closed, also not one that hangs or was never used', async () => {
    const provider = await start();
    provider.failNext(1, { kind: 'hang' });
    const hanging = post(provider).catch((error: unknown) => error);
    const unused = connect(Number(new URL(provider.origin).port), '127.0.0.1');
    await new Promise((resolve) => unused.once('connect', resolve));
    const ended = new Promise((resolve) => unused.once('close', resolve));
    await provider.close();
    expect(await hanging).toBeInstanceOf(TypeError);
    await ended;
    await expect(fetch(provider.origin)).rejects.toThrow('fetch failed');
    await provider.close();
  });
});
