import { setImmediate as turn } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { path } from '../connector/path.ts';
import { attackedService, token } from './__fixtures__/attacked-service.ts';
import type { CallEnding, CallGuard } from './call-guard.ts';

const response = z.unknown();
/** For sockets of this machine, which may be busy with other tests. */
const patience = { timeout: 20_000 };

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

/** A guard that keeps what it is told. */
function listening() {
  const endings: CallEnding[] = [];
  const guard: CallGuard = { admit: () => undefined, ended: (_call, ending) => void endings.push(ending) };
  return { endings, guards: [guard] };
}

const echo = `{"token":"${token}","spelled":"${token.replace('-', '\\u002d')}","hex":"${Buffer.from(token).toString('hex')}"}`;

describe('a streamed answer', () => {
  it('comes without the credential, wherever the service repeats it and however it is cut', async () => {
    await using service = await attackedService();
    service.answers(() => ({ headers: { 'x-echo': `Bearer ${token}` }, body: echo.repeat(400) }));
    const { headers, body, status } = await service.open().http.stream(path`/items`);
    const text = await new Response(body).text();
    expect([status, headers['x-echo']]).toEqual([200, 'Bearer [withheld]']);
    expect(text).toBe('{"token":"[withheld]","spelled":"[withheld]","hex":"[withheld]"}'.repeat(400));
  });

  it.each([
    ['gzip', gzipSync(echo)],
    ['x-gzip', gzipSync(echo)],
    ['deflate', deflateSync(echo)],
    ['deflate', deflateRawSync(echo)],
    ['br', brotliCompressSync(echo)],
    ['zstd', zstdCompressSync(echo)],
    ['GZIP, br', brotliCompressSync(gzipSync(echo))],
    ['identity', Buffer.from(echo)],
  ])('and so does one that is coded though nobody asked: %s', async (coding, body) => {
    await using service = await attackedService();
    service.answers(() => ({ headers: { 'content-encoding': coding, 'x-kept': '1' }, body }));
    const { http, send } = service.open();
    const clean = echo
      .replace(token, '[withheld]')
      .replace(token.replace('-', '\\u002d'), '[withheld]')
      .replace(Buffer.from(token).toString('hex'), '[withheld]');
    const streamed = await http.stream(path`/items`);
    expect(await new Response(streamed.body).text()).toBe(clean);
    expect(Buffer.from((await http.bytes(path`/items`)).body).toString()).toBe(clean);
    expect(Object.values((await http.get(path`/items`, { response: z.record(z.string(), z.string()) })) ?? {})).toEqual(
      Array(3).fill('[withheld]'),
    );
    const { headers } = await send({ method: 'GET', path: path`/items` });
    for (const each of [headers, streamed.headers]) {
      expect(each['x-kept']).toBe('1');
      if (coding !== 'identity') expect(each).not.toHaveProperty('content-encoding');
    }
    expect(service.seen.map(({ headers: sent }) => sent['accept-encoding'])).toEqual(Array(4).fill('identity'));
  });

  it.each([
    ['what it does not say', 'gzip', Buffer.from('plain')],
    ['what is cut off', 'gzip', gzipSync(echo).subarray(0, 30)],
    ['what nobody knows', 'compress', Buffer.from('x')],
    ['one over another without end', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(echo)))],
  ])('is not handed on where it is coded as %s', async (_name, coding, body) => {
    await using service = await attackedService();
    service.answers(() => ({ headers: { 'content-encoding': coding }, body }));
    const { http } = service.open();
    const invalid = { code: 'response_invalid' };
    expect(await caught(http.get(path`/items`, { response }))).toMatchObject(invalid);
    expect(await caught(http.bytes(path`/items`))).toMatchObject(invalid);
    expect(await caught(http.stream(path`/items`).then(({ body: pieces }) => new Response(pieces).text()))).toMatchObject(invalid);
    // Of an error the status tells.
    service.answers(() => ({ status: 404, headers: { 'content-encoding': coding }, body }));
    expect(await caught(http.get(path`/items`, { response }))).toMatchObject({ code: 'provider_not_found' });
    expect(await caught(http.stream(path`/items`))).toMatchObject({ code: 'provider_not_found' });
  });

  it('gives its connection back where it cannot be decoded', async () => {
    await using service = await attackedService();
    service.answers(() => ({ headers: { 'content-encoding': 'compress' }, body: 'x'.repeat(10_000_000) }));
    expect(await caught(service.open().http.stream(path`/items`))).toMatchObject({ code: 'response_invalid' });
    await vi.waitFor(() => expect(service.sockets.map(({ destroyed }) => destroyed)).toEqual([true]), patience);
  });

  it('is no bomb: bytes and their proportion are bounded, collected and streamed', async () => {
    await using service = await attackedService();
    const bomb = gzipSync(Buffer.alloc(64 * 1_048_576));
    service.answers(() => ({ headers: { 'content-encoding': 'gzip' }, body: bomb }));
    const { http } = service.open();
    const tooLarge = { code: 'response_too_large' };
    expect(await caught(http.get(path`/items`, { response }))).toMatchObject(tooLarge);
    const read = async (maximumBytes?: number) => {
      let bytes = 0;
      const { body } = await http.stream(path`/items`, maximumBytes === undefined ? {} : { maximumBytes });
      const error = await caught(
        (async () => {
          for await (const piece of body) bytes += piece.byteLength;
        })(),
      );
      return { bytes, error };
    };
    for (const { bytes, error } of [await read(), await read(500_000)]) {
      expect(error).toMatchObject(tooLarge);
      expect(bytes).toBeLessThan(16 * 1_048_576);
    }
  });

  it('tells its guards when its body is over: read, cancelled, broken off or never read', async () => {
    await using service = await attackedService();
    service.answers(() => ({ body: 'x'.repeat(10_000_000) }));
    const { guards, endings } = listening();
    const { http } = service.open({ guards });
    const first = await http.stream(path`/items`);
    await turn();
    expect(endings).toEqual([]);
    await new Response(first.body).arrayBuffer();
    expect(endings.splice(0)).toMatchObject([{ sent: true, status: 200, fault: null, responseBytes: 10_000_000 }]);
    await (await http.stream(path`/items`)).body.cancel();
    expect(endings.splice(0)).toMatchObject([{ sent: true, status: 200, fault: null }]);
    const broken = (await http.stream(path`/items`)).body.getReader();
    await broken.read();
    for (const socket of service.sockets) socket.destroy();
    const rest = async (): Promise<void> => {
      while (!(await broken.read()).done);
    };
    expect(await caught(rest())).toMatchObject({ code: 'network', sent: 'maybe' });
    expect(endings.splice(0)).toMatchObject([{ sent: true, status: 200, fault: { code: 'network' } }]);
    await http.stream(path`/items`, { idleMs: 5_000 });
    service.clock.advance(5_000);
    expect(endings.splice(0)).toMatchObject([{ sent: true, status: 200, fault: { code: 'timeout' } }]);
  });

  it('that is an error is the error that it means, told to guards with it', async () => {
    await using service = await attackedService();
    service.answers(() => ({ status: 403, body: JSON.stringify({ why: token }) }));
    const { guards, endings } = listening();
    const seen: unknown[] = [];
    const { http, stream } = service.open({
      guards,
      definition: {
        mapError({ body }) {
          seen.push(body);
          return { code: 'scope_missing', message: 'No.', retryable: false };
        },
      },
    });
    expect(await caught(http.stream(path`/items`))).toMatchObject({ code: 'scope_missing' });
    const answer = await stream({ method: 'GET', path: path`/items` }, { maximumBytes: 1_000, idleMs: 1_000 });
    expect([answer.status, await new Response(answer.body).text()]).toEqual([403, '{"why":"[withheld]"}']);
    expect(seen).toEqual([{ why: '[withheld]' }, { why: '[withheld]' }]);
    expect(endings).toMatchObject([
      { status: 403, fault: { code: 'scope_missing' } },
      { status: 403, fault: { code: 'scope_missing' } },
    ]);
  });

  it('is not begun where a guard refuses it, or its limits are none', async () => {
    await using service = await attackedService();
    const refusing: CallGuard = {
      admit() {
        throw new RangeError('no');
      },
      ended: () => undefined,
    };
    expect(await caught(service.open({ guards: [refusing] }).http.stream(path`/items`))).toBeInstanceOf(RangeError);
    for (const limits of [{ maximumBytes: 0 }, { idleMs: -1 }, { maximumBytes: Number.NaN }])
      expect(await caught(service.open().http.stream(path`/items`, limits))).toMatchObject({ code: 'invalid_argument', sent: 'no' });
    expect(service.seen).toEqual([]);
  });
});

describe('a body that is sent', () => {
  const bytes = Uint8Array.of(0, 255, 10, 13);
  it('is of one kind, with its type', async () => {
    await using service = await attackedService();
    const { http } = service.open({ session: { key: null } });
    await http.post(path`/a`, { text: 'grüße', response });
    await http.post(path`/a`, { bytes, contentType: 'image/png', response });
    await http.post(path`/a`, { form: { a: 1, b: ['x', 'y'] }, response });
    await http.post(path`/a`, { stream: ReadableStream.from(['one', 'two']), length: 6, contentType: 'text/csv; charset=utf-8', response });
    await http.bytes(path`/a`, { method: 'PUT', json: { a: 1 } });
    expect(service.seen.map(({ method, headers, body }) => [method, headers['content-type'], headers['content-length'], body])).toEqual([
      ['POST', 'text/plain; charset=utf-8', '7', Buffer.from('grüße').toString('latin1')],
      ['POST', 'image/png', '4', Buffer.from(bytes).toString('latin1')],
      ['POST', 'application/x-www-form-urlencoded', '11', 'a=1&b=x&b=y'],
      ['POST', 'text/csv; charset=utf-8', '6', 'onetwo'],
      ['PUT', 'application/json; charset=utf-8', '7', '{"a":1}'],
    ]);
  });

  it.each([
    ['two kinds', { json: {}, text: 'x' }],
    ['a type of JSON', { json: {}, contentType: 'text/plain' }],
    ['a length of bytes', { bytes, length: 4 }],
    ['a type that ends its header', { text: 'x', contentType: 'text/plain\r\nx: y' }],
    ['a type that is none', { bytes, contentType: 'png' }],
    ['a length that is none', { stream: ReadableStream.from(['x']), length: -1 }],
    ['a text that is not well-formed', { text: '\ud800' }],
    ['no parts', { multipart: [] }],
    ['a part without content', { multipart: [{ name: 'a' }] }],
    ['a part with two', { multipart: [{ name: 'a', text: 'x', bytes }] }],
    ['a name with a line end', { multipart: [{ name: 'a\r\nx: y', text: 'x' }] }],
    ['a file name with a line end', { multipart: [{ name: 'a', fileName: 'x"\r\n\r\n', bytes }] }],
    ['a part type with a line end', { multipart: [{ name: 'a', contentType: 'a/b\r\nx: y', bytes }] }],
    ['a name that is empty', { multipart: [{ name: '', text: 'x' }] }],
  ])('is refused with %s, and nothing is sent', async (_name, body) => {
    await using service = await attackedService();
    const { http } = service.open();
    expect(await caught(http.post(path`/a`, { ...body, response }))).toMatchObject({ code: 'invalid_argument', sent: 'no' });
    expect(service.sockets).toEqual([]);
  });

  it('is a form with files as others read it, whatever the names hold', async () => {
    await using service = await attackedService();
    const { http } = service.open({ session: { key: null } });
    const parts = [
      { name: 'title', text: 'größe' },
      { name: 'pho"to', fileName: 'ä "b"\\c; filename="x".png', contentType: 'image/png', bytes },
    ];
    await http.post(path`/a`, { multipart: parts, response });
    await http.post(path`/a`, {
      multipart: [...parts, { name: 'file', fileName: 'n', stream: ReadableStream.from(['one', 'two']), length: 6 }],
      response,
    });
    await http.post(path`/a`, { multipart: [{ name: 'file', stream: ReadableStream.from(['--x\r\n']) }], response });
    const forms = await Promise.all(
      service.seen.map(async ({ headers, body }) => {
        const type = String(headers['content-type']);
        const form = await new Response(Buffer.from(body, 'latin1'), { headers: { 'content-type': type } }).formData();
        return Promise.all(
          [...form].map(async ([name, value]) => [name, typeof value === 'string' ? value : [value.name, value.type, await value.text()]]),
        );
      }),
    );
    const file = ['pho"to', ['ä "b"\\c; filename="x".png', 'image/png', Buffer.from(bytes).toString()]];
    expect(forms).toEqual([
      [['title', 'größe'], file],
      [['title', 'größe'], file, ['file', ['n', 'application/octet-stream', 'onetwo']]],
      [['file', '--x\r\n']],
    ]);
    expect(service.seen.map(({ headers }) => [headers['content-length'] !== undefined, headers['transfer-encoding']])).toEqual([
      [true, undefined],
      [true, undefined],
      [false, 'chunked'],
    ]);
    const boundaries = service.seen.map(({ headers }) => String(headers['content-type']).split('boundary=')[1]);
    expect(new Set(boundaries).size).toBe(3);
    for (const boundary of boundaries) expect(boundary).toMatch(/^patchbay-[0-9a-f]{48}$/);
  });

  it('stops all streams of a form whose request ends early, also those that were not begun', async () => {
    await using service = await attackedService();
    const { http } = service.open();
    const cancelled: string[] = [];
    const part = (name: string) => ({
      name,
      stream: new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined), cancel: () => void cancelled.push(name) }),
    });
    const abort = new AbortController();
    const sent = caught(
      service.open({ session: { signal: abort.signal } }).http.post(path`/a`, { multipart: [part('one'), part('two')], response }),
    );
    await vi.waitFor(() => expect(service.sockets.length).toBeGreaterThan(0), patience);
    await turn();
    abort.abort();
    expect(await sent).toMatchObject({ code: 'aborted' });
    await vi.waitFor(() => expect(cancelled.sort()).toEqual(['one', 'two']), patience);
    expect(typeof http.post).toBe('function');
  });
});
