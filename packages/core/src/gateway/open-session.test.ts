import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sampleConnector, type sampleDefinition } from '../connector/__fixtures__/sample-connector.ts';
import { path } from '../connector/path.ts';
import { connectionRecord } from '../contracts/__fixtures__/connection-record.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { IdempotencyKey } from '../contracts/idempotency.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import type { NetworkRequest, NetworkResponse } from '../net/network-request.ts';
import type { CallEnding, CallGuard } from './call-guard.ts';
import type { SessionOptions } from './gateway-options.ts';
import { openSession } from './open-session.ts';

const anything = z.json();
const keyOf = (value: string): IdempotencyKey => ({ value, child: (name) => keyOf(`${value}/${name}`) });
const record = connectionRecord({ settings: { site: 'acme' } });

interface Given {
  readonly guards?: readonly CallGuard[];
  readonly session?: Partial<SessionOptions>;
  readonly definition?: Partial<typeof sampleDefinition>;
  readonly connection?: Partial<ConnectionRecord>;
  readonly answer?: (request: NetworkRequest) => Partial<Omit<NetworkResponse, 'body'>> & { readonly body?: string };
}

function setUp({ session = {}, definition = {}, connection = {}, answer = () => ({}), guards = [] }: Given = {}) {
  const clock = createManualClock();
  const requests: NetworkRequest[] = [];
  const notices: unknown[] = [];
  const network = {
    async request(request: NetworkRequest): Promise<NetworkResponse> {
      requests.push(request);
      const { body = '{}', ...rest } = answer(request);
      return { status: 200, headers: {}, truncated: false, ...rest, body: Buffer.from(body) };
    },
    stream: () => Promise.reject(new Error('These tests read no stream.')),
  };
  const gateway = {
    network,
    clock,
    notify: (name: string, notice: object) => notices.push({ name, ...notice }),
    maximumResponseBytes: 1_000,
    signers: new Map(),
    guards,
    prepared: new WeakMap(),
  };
  const open = () =>
    openSession(gateway, {
      tenant: 'acme',
      connection: { id: 'c1', name: 'sample/main', version: 1, updatedAt: 0, value: { ...record, ...connection } },
      definition: sampleConnector(definition).definition,
      credential: { type: 'bearer', token: 'tok-1234567890' },
      signal: new AbortController().signal,
      author: 'connector',
      deadline: () => 10_000,
      key: keyOf('k'),
      ...session,
    });
  return { clock, requests, notices, open };
}

const headersOf = ({ headers }: NetworkRequest): Record<string, string> =>
  Object.fromEntries(headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? '']] : [])));

describe('opening a session', () => {
  it('is refused for a connection of another connector, whatever its origin', () => {
    expect(setUp({ connection: { connector: 'other' } }).open).toThrow(expect.objectContaining({ code: 'egress_refused', sent: 'no' }));
  });

  it('is refused where the origin cannot be told from the settings', () => {
    const settings = z.object({ site: z.string() });
    const definition = { origin: 'https://{site}.example.com', settings };
    expect(setUp({ definition, connection: { settings: { site: 'evil.com/' } } }).open).toThrow(
      expect.objectContaining({ code: 'egress_refused' }),
    );
    expect(setUp({ definition }).open).not.toThrow();
  });

  it('is refused for a credential that the connector does not take', () => {
    const credential = { type: 'basic' as const, username: 'a', password: 'b' };
    expect(setUp({ session: { credential } }).open).toThrow(expect.objectContaining({ code: 'credential_missing' }));
  });
});

describe('a call', () => {
  it('is made of origin, base path, path, query, headers, body and credential', async () => {
    const { requests, open } = setUp({ definition: { basePath: '/v1', headers: { accept: 'application/json' } } });
    const { http } = open();
    await http.post(path`/items/${'a/b'}`, { json: { a: 1 }, query: { q: 'x y' }, headers: { prefer: 'wait' }, response: anything });
    await http.put(path`/items`, { form: { a: '1 2', b: undefined }, response: anything, key: keyOf('other') });
    await http.delete(path`/items`, { response: anything, key: keyOf('third') });
    const [post, put, remove] = requests as [NetworkRequest, NetworkRequest, NetworkRequest];
    expect(post).toMatchObject({
      origin: 'https://api.example.com',
      path: '/v1/items/a%2Fb?q=x+y',
      method: 'POST',
      body: '{"a":1}',
      maxResponseBytes: 1_000,
    });
    expect(headersOf(post)).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      prefer: 'wait',
      'content-type': 'application/json; charset=utf-8',
      authorization: 'Bearer tok-1234567890',
    });
    expect([put.method, put.body, headersOf(put)['content-type']]).toEqual(['PUT', 'a=1+2', 'application/x-www-form-urlencoded']);
    expect([remove.method, remove.body, headersOf(remove)['content-type']]).toEqual(['DELETE', undefined, undefined]);
  });

  it('gives null for an empty answer, and what the schema makes of another', async () => {
    const { open } = setUp({ answer: ({ method }) => (method === 'DELETE' ? { status: 204, body: '' } : { body: '{"id":1,"more":2}' }) });
    const { http } = open();
    expect(await http.delete(path`/items`, { response: anything })).toBeNull();
    expect(await http.get(path`/items`, { response: z.object({ id: z.number() }) })).toEqual({ id: 1 });
  });

  it('says what does not fit the schema, and not what it was', async () => {
    const { open } = setUp({ answer: () => ({ body: '{"id":"private words"}' }) });
    const session = open();
    const error = await session.http.post(path`/items`, { response: z.object({ id: z.number() }) }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'response_invalid', sent: undefined });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('private words');
    expect([session.hasWritten(), session.mayHaveWritten()]).toEqual([true, false]);
  });

  it('may take as long as the session, and its headers as long as the whole', async () => {
    const { requests, open, clock } = setUp({ session: { deadline: () => 3_000, endsAt: () => 60_000 } });
    clock.advance(1_000);
    await open().http.get(path`/items`, { response: anything });
    expect(requests[0]?.timeouts).toEqual({ headersMs: 59_000, totalMs: 59_000 });
    const plain = setUp({ session: { deadline: () => 3_000 } });
    await plain.open().http.get(path`/items`, { response: anything });
    expect(plain.requests[0]?.timeouts).toEqual({ headersMs: 3_000, totalMs: 3_000 });
  });

  it('that nobody waits for ends no process when it fails', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const { open } = setUp({ answer: () => ({ status: 500, body: '' }) });
    const { http } = open();
    void http.get(path`/items`, { response: anything });
    void http.post(path`/items`, { json: {}, response: anything });
    for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  it('is not sent after its deadline, and says whose it was', async () => {
    const late = setUp({ session: { deadline: () => 1_000 } });
    const { http } = late.open();
    late.clock.advance(1_000);
    await expect(http.post(path`/items`, { response: anything })).rejects.toMatchObject({ code: 'lease_lost', sent: 'no' });
    const host = setUp({ session: { deadline: () => 0, key: null } });
    await expect(host.open().http.get(path`/items`, { response: anything })).rejects.toMatchObject({ code: 'timeout', sent: 'no' });
    expect([...late.requests, ...host.requests]).toEqual([]);
  });

  it.each([
    ['aborted', new Error('tok'), 'aborted'],
    ['whose lease was lost', new PatchbayError({ code: 'lease_lost', message: 'x' }), 'lease_lost'],
  ])('is not sent when %s', async (_what, reason, code) => {
    const abort = new AbortController();
    const { requests, open } = setUp({ session: { signal: abort.signal } });
    const { http } = open();
    abort.abort(reason);
    await expect(http.get(path`/items`, { response: anything })).rejects.toMatchObject({ code, sent: 'no' });
    expect(requests).toEqual([]);
  });

  it('that is refused before it is sent may have written nothing', async () => {
    const session = setUp().open();
    await expect(session.http.post(path`/items`, { headers: { cookie: 'a' }, response: anything })).rejects.toMatchObject({ sent: 'no' });
    await expect(session.http.post('/items' as never, { response: anything, key: keyOf('other') })).rejects.toMatchObject({
      code: 'invalid_argument',
      sent: 'no',
    });
    expect([session.hasWritten(), session.mayHaveWritten()]).toEqual([false, false]);
  });

  it('takes one key for one write, and none where the session has none', async () => {
    const { requests, open } = setUp();
    const { http } = open();
    await http.get(path`/items`, { response: anything });
    await http.post(path`/items`, { response: anything });
    await expect(http.patch(path`/items`, { response: anything })).rejects.toMatchObject({ code: 'invalid_argument', sent: 'no' });
    await http.patch(path`/items`, { response: anything, key: keyOf('k').child('second') });
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'PATCH']);
    const free = setUp({ session: { key: null } });
    const session = free.open();
    for (let times = 0; times < 3; times += 1) await session.http.post(path`/search`, { response: anything });
    expect(free.requests).toHaveLength(3);
  });

  it('is told by its template alone, whatever becomes of it', async () => {
    const { notices, open } = setUp({ definition: { basePath: '/v1' }, answer: () => ({ status: 404 }) });
    await open()
      .http.get(path`/items/${'private words'}`, { query: { q: 'private words' }, response: anything })
      .catch(() => undefined);
    expect(notices).toEqual([
      expect.objectContaining({ name: 'api.requested', method: 'GET', pathTemplate: '/v1/items/{}', status: 404, connectionId: 'c1' }),
    ]);
    expect(JSON.stringify(notices)).not.toContain('private');
  });

  it("remembers the service's id of the last request, cut short", async () => {
    const answer = () => ({ headers: { 'x-request-id': 'r'.repeat(1_000) } });
    const session = setUp({ definition: { requestIdHeader: 'x-request-id' }, answer }).open();
    expect(session.requestId()).toBeUndefined();
    await session.http.get(path`/items`, { response: anything });
    expect(session.requestId()).toBe('r'.repeat(200));
  });

  it('reads a listing page by page, each with the headers of the first', async () => {
    const { requests, open } = setUp({
      answer: ({ path: target }) => ({
        body: JSON.stringify([target]),
        headers: target.includes('page=3') ? {} : { link: `</?page=${target.includes('page=2') ? 3 : 2}>; rel="next"` },
      }),
    });
    const items: string[] = [];
    const options = {
      query: { state: 'open' },
      headers: { prefer: 'wait' },
      response: z.array(z.string()),
      items: (page: readonly string[]) => page,
      next: (_page: readonly string[], link: Readonly<Record<string, string>> | undefined) => link,
    };
    for await (const item of open().http.pages(path`/items`, options)) items.push(item);
    expect(items).toEqual(['/items?state=open', '/items?page=2', '/items?page=3']);
    expect(requests.map((request) => headersOf(request)['prefer'])).toEqual(['wait', 'wait', 'wait']);
  });
});

describe('a guard', () => {
  const watching = (admit: CallGuard['admit'] = () => undefined) => {
    const endings: CallEnding[] = [];
    return { endings, guards: [{ admit, ended: (_call: unknown, ending: CallEnding) => void endings.push(ending) }] };
  };

  it('is told what an answer means, by the word of the connector too, and for a request of the host as well', async () => {
    const { endings, guards } = watching();
    const mapError = () => ({ code: 'rate_limited', message: 'Slow down.', retryable: true, retryAfterMs: 5_000 }) as const;
    const { open } = setUp({ guards, definition: { mapError, errorsInSuccess: true }, answer: () => ({ body: '{"ok":false}' }) });
    await expect(open().http.get(path`/things`, { response: anything })).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(open().send({ method: 'GET', path: path`/things` })).resolves.toMatchObject({ status: 200 });
    const meaning = { sent: true, status: 200, fault: { code: 'rate_limited', retryAfterMs: 5_000 }, responseBytes: 12 };
    expect(endings).toMatchObject([meaning, meaning]);
  });

  it('takes an answer of a good status for good, in whatever form it comes', async () => {
    const { endings, guards } = watching();
    const { open } = setUp({ guards, definition: { errorsInSuccess: true }, answer: () => ({ body: '<html>' }) });
    await open().send({ method: 'GET', path: path`/things` });
    expect(endings).toMatchObject([{ sent: true, status: 200, fault: null }]);
  });

  it('that refuses a request keeps it from being sent', async () => {
    const refusal = new PatchbayError({ code: 'rate_limited', message: 'Later.', sent: 'no', retryAfterMs: 10 });
    const { endings, guards } = watching();
    const behind = watching(() => Promise.reject(refusal));
    const { open, requests, notices } = setUp({ guards: [...guards, ...behind.guards] });
    await expect(open().http.post(path`/things`, { json: {}, response: anything })).rejects.toBe(refusal);
    expect(requests).toEqual([]);
    expect(endings).toMatchObject([{ sent: false, status: null, fault: { code: 'rate_limited' } }]);
    expect(behind.endings).toEqual([]);
    expect(notices).toMatchObject([{ name: 'api.requested', status: null }]);
  });

  it('that holds a request back beyond its deadline keeps it from being sent', async () => {
    const { guards, endings } = watching(async () => clock.advance(10_001));
    const { open, requests, clock } = setUp({ guards });
    await expect(open().http.get(path`/things`, { response: anything })).rejects.toMatchObject({ sent: 'no' });
    expect(requests).toEqual([]);
    expect(endings).toMatchObject([{ sent: false, status: null }]);
  });
});
