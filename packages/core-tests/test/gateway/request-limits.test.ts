import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anything, type DepotHub, type DepotStage, depotStage } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('a request of the host', () => {
  it('gives any status as it is', async () => {
    const { get } = await stage.hub();
    for (const status of [200, 204, 304, 404, 500]) {
      stage.answer(() => ({ status, ...(status === 204 || status === 304 ? {} : { json: { status } }) }));
      const answer = await get();
      expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([
        status,
        status === 204 || status === 304 ? '' : JSON.stringify({ status }),
      ]);
    }
  });

  it('is given up when its time has passed, and says that it may have been done', async () => {
    const { post, clock } = await stage.hub();
    stage.provider.failNext(1, { kind: 'hang' });
    const answer = caught(post({ timeoutMs: 5_000 }));
    await stage.arrived(1);
    await clock.advance(4_999);
    await clock.advance(1);
    expect(await answer).toMatchObject({ code: 'timeout', sent: 'maybe', retryable: true });
  });

  it('may take longer than the network allows by itself, where its caller says so', async () => {
    const { post, clock } = await stage.hub();
    stage.provider.failNext(1, { kind: 'hang' });
    let ended = false;
    const answer = caught(post({ timeoutMs: 120_000 })).finally(() => {
      ended = true;
    });
    await stage.arrived(1);
    await clock.advance(119_999);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(await answer).toMatchObject({ code: 'timeout', sent: 'maybe' });
  });

  it('is not sent when it was aborted before', async () => {
    const { post } = await stage.hub();
    const abort = new AbortController();
    abort.abort(new Error('tok'));
    expect(await caught(post({ signal: abort.signal }))).toMatchObject({ code: 'aborted', sent: 'no' });
    expect(stage.provider.requests).toEqual([]);
  });

  it('may have been done when it was aborted after it was sent', async () => {
    const { post } = await stage.hub();
    stage.provider.failNext(1, { kind: 'hang' });
    const abort = new AbortController();
    const answer = caught(post({ signal: abort.signal }));
    await stage.arrived(1);
    abort.abort();
    expect(await answer).toMatchObject({ code: 'aborted', sent: 'maybe' });
  });

  it('is not sent when its time is over before it begins', async () => {
    const { post } = await stage.hub();
    for (const timeoutMs of [0, -1, Number.NaN]) expect(await caught(post({ timeoutMs }))).toMatchObject({ sent: 'no' });
    expect(stage.provider.requests).toEqual([]);
  });

  it('reads no more than it may', async () => {
    const { get } = await stage.hub({}, { maximumResponseBytes: 1_000 });
    stage.answer(() => ({ json: 'x'.repeat(900) }));
    expect((await get()).body).toHaveLength(902);
    for (const bytes of [1_001, 5_000_000]) {
      stage.provider.failNext(1, { kind: 'huge_body', bytes });
      expect(await caught(get())).toMatchObject({ code: 'response_too_large', sent: 'maybe', details: { status: 200 } });
    }
  });

  it('that finds nobody there has not been sent; one whose connection breaks may have been', async () => {
    const { post } = await stage.hub();
    stage.provider.failNext(1, { kind: 'reset', when: 'after_reading' });
    expect(await caught(post())).toMatchObject({ code: 'network', sent: 'maybe', retryable: true });
    await stage.provider.close();
    expect(await caught(post())).toMatchObject({ code: 'network', sent: 'no', retryable: true });
  });

  it('is told in one notice, without what was asked for', async () => {
    const { acme, test } = await stage.hub();
    await acme.request('main', { method: 'GET', path: path`/items/${'private words'}`, query: { q: 'private words' } });
    stage.provider.failNext(1, { kind: 'reset', when: 'before_reading' });
    await caught(acme.request('main', { method: 'DELETE', path: path`/items/${'private words'}` }));
    expect(test.noticesOf('api.requested')).toMatchObject([
      { tenant: 'acme', method: 'GET', pathTemplate: '/v1/items/{}', status: 200 },
      { tenant: 'acme', method: 'DELETE', pathTemplate: '/v1/items/{}', status: null },
    ]);
    expect(JSON.stringify(test.notices)).not.toContain('private');
  });

  it('is told with the time that it took, on the clock of the hub', async () => {
    const { acme, clock, test } = await stage.hub();
    const { id } = await acme.connections.get('main');
    stage.provider.failNext(1, { kind: 'hang' });
    const answer = caught(acme.request('main', { method: 'GET', path: path`/items`, timeoutMs: 5_000 }));
    await stage.arrived(1);
    await clock.advance(5_000);
    await answer;
    const common = { tenant: 'acme', connectionId: id, method: 'GET', pathTemplate: '/v1/items' };
    expect(test.noticesOf('api.requested')).toEqual([{ ...common, status: null, durationMs: 5_000, at: clock.now() }]);
  });

  it('is refused for a connection of another tenant as for none', async () => {
    const { acme, test } = await stage.hub();
    const { id } = await acme.connections.get('main');
    const other = test.tenant('other');
    const errors = await Promise.all(
      [id, 'main', 'depot/main', '00000000-0000-7000-8000-000000000000'].map((reference) =>
        caught(other.request(reference, { method: 'GET', path: path`/items` })),
      ),
    );
    for (const error of errors) expect(error).toMatchObject({ code: 'not_found', message: (errors[3] as Error).message });
    expect(stage.provider.requests).toEqual([]);
  });
});

it('a look at a connection says how long it took, and when it was', async () => {
  const { acme, clock }: DepotHub = await stage.hub({
    changes: {
      async healthCheck({ http }) {
        await http.get(path`/health`, { response: anything });
        await clock.advance(250);
        return { healthy: true, account: { id: 'A1', name: 'One' } };
      },
    },
  });
  expect(await acme.connections.test('main')).toEqual({
    healthy: true,
    message: 'ok',
    latencyMs: 250,
    account: { id: 'A1', name: 'One' },
    checkedAt: clock.now(),
    status: 'active',
  });
});
