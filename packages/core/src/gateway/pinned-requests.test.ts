import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { givenUrl } from '../connector/given-url.ts';
import { path, type RequestPath } from '../connector/path.ts';
import { secretUrl } from '../connector/secret-url.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { attackedService, token } from './__fixtures__/attacked-service.ts';
import { type EvilSink, startEvilSink } from './__fixtures__/evil-sink.ts';
import { forbiddenHeaders, hostilePaths, redirectPlaces, smuggledValues, spellingsOf } from './__fixtures__/gateway-paths.ts';
import type { GatewaySession } from './open-session.ts';

const response = z.unknown();
type Service = Awaited<ReturnType<typeof attackedService>>;

/** A path as code could forge it past the tag: the brand is no secret. */
const forged = (value: string): RequestPath => ({ ...path`/x`, value, template: '/x' });

async function* twoPieces(): AsyncGenerator<string> {
  yield 'one ';
  yield 'two';
}

/** Every kind of call that can be made with a path. */
function callsOf({ http, send, stream }: GatewaySession, target: RequestPath): (() => Promise<unknown>)[] {
  const key = (name: string) => ({ value: name, child: () => key(name) });
  let count = 0;
  const next = () => {
    count += 1;
    return key(`${target.value}-${count}`);
  };
  return [
    () => http.get(target, { response }),
    () => http.post(target, { stream: twoPieces(), response, key: next() }),
    () => http.put(target, { multipart: [{ name: 'file', fileName: 'a', stream: twoPieces() }], response, key: next() }),
    async () => {
      const { body } = await http.stream(target);
      await new Response(body).text();
    },
    () => send({ method: 'GET', path: target }),
    async () => void (await (await stream({ method: 'GET', path: target }, { maximumBytes: 1_000, idleMs: 1_000 })).body.cancel()),
  ];
}

async function outcome(call: () => Promise<unknown>): Promise<'done' | 'refused'> {
  try {
    await call();
    return 'done';
  } catch (error) {
    if (isPatchbayError(error) && error.sent !== 'maybe') return 'refused';
    throw error;
  }
}

/** Nothing came to the sink, and what came to the service is below its base path, once for each call that was done, with the credential. */
function expectPinned(service: Service, sink: EvilSink, done: number): void {
  expect([sink.connections(), sink.bytes()]).toEqual([0, '']);
  expect(service.seen.length).toBe(done);
  for (const { target, headers } of service.seen) {
    expect(target).toMatch(/^\/v1\//);
    expect(new URL(target, service.origin)).toMatchObject({ origin: service.origin, pathname: expect.stringMatching(/^\/v1\//) });
    expect(headers['authorization']).toBe(`Bearer ${token}`);
  }
}

describe.each(['HTTP/1.1', 'HTTP/2'] as const)('over %s, a credential goes nowhere but to the pinned origin', (protocol) => {
  it('whatever a path is made of, whichever kind of call it is for, and what is refused opens no connection', async () => {
    await using sink = await startEvilSink();
    await using service = await attackedService(protocol);
    const all = hostilePaths(`127.0.0.1:${sink.port}`);
    expect(all.length).toBeGreaterThan(120);
    // What is refused is refused before there is a protocol.
    const paths = all.filter((_, index) => protocol === 'HTTP/1.1' || index % 3 === 0);
    let done = 0;
    for (const [index, value] of paths.entries()) {
      const targets = [() => path`/items/${value}/end`, () => path`/${value}`, () => forged(value), () => forged(`/${value}`)];
      for (const [nth, target] of targets.entries()) {
        const before = service.sockets.length;
        const session = service.open();
        // All of them for one place of each path, one of them for the others: the place is checked before the kind of call is looked at.
        const made = await outcome(async () => {
          const calls = callsOf(session, target());
          const chosen = index % 8 === nth ? calls : [calls[(index + nth) % calls.length] ?? calls[0]];
          for (const call of chosen) {
            await call?.();
            done += 1;
          }
        });
        if (made === 'refused') expect(service.sockets.length).toBe(before);
      }
    }
    expectPinned(service, sink, done);
    expect(done).toBeGreaterThan(paths.length);
  }, 60_000);

  it('no header of a caller is let through in any spelling or twice, and no value ends one', async () => {
    await using sink = await startEvilSink();
    await using service = await attackedService(protocol);
    const session = service.open({ credential: { type: 'api_key', key: token } });
    const headers = forbiddenHeaders.flatMap((name) =>
      spellingsOf(name).map((spelled) => Object.fromEntries([[spelled, `127.0.0.1:${sink.port}`]])),
    );
    headers.push(...smuggledValues.map((value) => ({ accept: value })), ...smuggledValues.map((value) => ({ [value]: '1' })));
    for (const given of headers) {
      for (const call of [
        () => session.http.get(path`/items`, { headers: given, response }),
        () => session.http.stream(path`/items`, { headers: given }),
        () =>
          session.http.put(path`/items`, {
            headers: given,
            stream: twoPieces(),
            response,
            key: { value: 'x', child: () => ({}) as never },
          }),
      ])
        expect([Object.keys(given), await outcome(call)]).toEqual([Object.keys(given), 'refused']);
    }
    expect([headers.length > 400, service.sockets.length, sink.connections()]).toEqual([true, 0, 0]);
  });

  it('none of 45 redirects is followed, whether the answer is read, kept as bytes or streamed', async () => {
    await using sink = await startEvilSink();
    await using service = await attackedService(protocol);
    const cases = redirectPlaces(`127.0.0.1:${sink.port}`).flatMap((place) =>
      [301, 302, 303, 307, 308].map((status) => ({ place, status })),
    );
    expect(cases).toHaveLength(45);
    for (const { place, status } of cases) {
      const location = encodeURI(place).replaceAll('%5B', '[').replaceAll('%5D', ']');
      const headers = {
        location,
        refresh: `0; url=${location}`,
        'content-location': location,
        'alt-svc': `h2="127.0.0.1:${sink.port}"`,
        link: `<${location}>; rel="next"`,
      };
      service.answers(() => ({ status, headers, body: JSON.stringify({ next: place }) }));
      const { http, send } = service.open();
      for (const call of [() => http.get(path`/items`, { response }), () => http.bytes(path`/items`), () => http.stream(path`/items`)])
        await expect(call()).rejects.toMatchObject({ code: 'provider_rejected', details: { status } });
      expect(await send({ method: 'POST', path: path`/items`, body: { contentType: 'text/plain', text: 'x' } })).toMatchObject({ status });
    }
    expectPinned(service, sink, 180);
  });
});

describe('a declared host', () => {
  const hostsOf = (uploads: string, files: string) => ({
    uploads: { origin: uploads, basePath: '/up', credential: true },
    files: { origin: files },
  });

  it('is reached by its name, with the credential only where it takes it', async () => {
    await using service = await attackedService();
    await using uploads = await attackedService();
    await using files = await attackedService();
    const { http } = service.open({ definition: { hosts: hostsOf(uploads.origin, files.origin), headers: { 'x-api-version': '1' } } });
    await http.get(path`/items`, { response });
    await http.get(path`/items`, { host: 'uploads', response });
    await http.get(path`/items`, { host: 'files', response });
    await http.post(givenUrl('files', `${files.origin}/put/abc?sig=1%2B2`), { stream: twoPieces(), response });
    expect(
      [service, uploads, files].map(({ seen }) =>
        seen.map(({ target, headers }) => [target, headers['authorization'], headers['x-api-version']]),
      ),
    ).toEqual([
      [['/v1/items', `Bearer ${token}`, '1']],
      [['/up/items', `Bearer ${token}`, '1']],
      [
        ['/items', undefined, undefined],
        ['/put/abc?sig=1%2B2', undefined, undefined],
      ],
    ]);
    expect(files.seen[1]?.body).toBe('one two');
  });

  it('is no other than the declared one, whatever URL the service gives', async () => {
    await using sink = await startEvilSink();
    await using service = await attackedService();
    await using files = await attackedService();
    const { http, send } = service.open({ definition: { hosts: hostsOf(service.origin, files.origin) } });
    const { host } = new URL(files.origin);
    const evil = `127.0.0.1:${sink.port}`;
    const urls = [
      `http://${evil}/x`,
      `https://${host}/x`,
      `http://${host}@${evil}/x`,
      `http://user@${host}/x`,
      `http://${host}:80/x`,
      `http://${host}/x#f`,
      `http://${host}/a/../x`,
      `http://${host}\\x`,
      `\thttp://${host}/x`,
      `http://${host}/x y`,
      `http://${host}/x\r\ny`,
      `//${host}/x`,
      '/x',
      '',
      ...hostilePaths(evil),
    ];
    for (const url of urls) expect([url, await outcome(() => http.get(givenUrl('files', url), { response }))]).toEqual([url, 'refused']);
    const other = `${files.origin}/x`;
    for (const call of [
      () => http.get(givenUrl('uploads', `${service.origin}/x`), { response }),
      () => http.get(givenUrl('elsewhere', other), { response }),
      () => http.get(givenUrl('__proto__', other), { response }),
      () => http.get(path`/x`, { host: 'elsewhere', response }),
      () => http.get(path`/x`, { host: 'constructor', response }),
      () => http.get(givenUrl('files', other), { host: 'uploads', response }),
      () =>
        service
          .open({ definition: { hosts: hostsOf(service.origin, files.origin) }, session: { author: 'host' } })
          .send({ method: 'GET', path: givenUrl('files', other) }),
      () =>
        service
          .open({
            definition: { hosts: hostsOf(service.origin, files.origin) },
            session: { author: 'host' },
            connection: { confinedTo: { repository: ['a/b'] } },
          })
          .send({ method: 'GET', path: path`/x`, host: 'uploads' }),
    ])
      expect(await outcome(call)).toBe('refused');
    expect([sink.connections(), files.sockets.length, service.sockets.length, send.length]).toEqual([0, 0, 0, 1]);
  });
});

describe('a URL that stands for itself', () => {
  it('takes the query of the call where it is the credential, and none where the service gave it', async () => {
    await using service = await attackedService();
    const { http } = service.open({
      definition: { auth: [{ type: 'secret_url', pattern: '/hooks/.+' }] },
      credential: { type: 'secret_url', url: `${service.origin}/hooks/T1?sig=a%2Bb` },
    });
    await http.bytes(secretUrl(), { method: 'POST', json: {}, query: { wait: true, thread: 'a&sig=1' } });
    await expect(http.bytes(secretUrl(), { method: 'POST', json: {}, query: { sig: 'mine' } })).rejects.toMatchObject({
      code: 'invalid_argument',
      sent: 'no',
    });
    const other = service.open({ definition: { hosts: { files: { origin: service.origin } } } });
    const given = givenUrl('files', `${service.origin}/put/abc?sig=1`);
    await expect(other.http.get(given, { response, query: { part: 1 } })).rejects.toMatchObject({ code: 'invalid_argument', sent: 'no' });
    expect(service.seen.map(({ target }) => target)).toEqual(['/hooks/T1?sig=a%2Bb&wait=true&thread=a%26sig%3D1']);
  });
});
