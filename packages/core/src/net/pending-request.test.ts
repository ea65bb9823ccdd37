import { getEventListeners, once } from 'node:events';
import type { RequestListener } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { closedPort, startHttpService, startTcpService } from './__fixtures__/loopback-service.ts';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { createNetwork, type NetworkOptions } from './create-network.ts';
import type { NetworkRequest } from './network-request.ts';
import { PendingRequest } from './pending-request.ts';
import { RequestDeadlines } from './request-deadlines.ts';
import { SessionMeter } from './session-meter.ts';
import { WireMeter } from './wire-meter.ts';

/** For sockets of this machine, which may be busy with other tests. */
const patience = { timeout: 20_000 };

function openNetwork(options: Partial<NetworkOptions> = {}) {
  const clock = createManualClock();
  const network = createNetwork({ clock, dangerouslyAllowPrivateNetworks: true, ...options });
  const get = (origin: string, changes: Partial<NetworkRequest> = {}) =>
    network.request({ origin, path: '/', method: 'GET', headers: [], maxResponseBytes: 1_000, ...changes });
  return { clock, get, prepare: network.prepare, [Symbol.asyncDispose]: () => network.close() };
}

const text = (body: Uint8Array): string => new TextDecoder().decode(body);
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
const raw = (response: string) => (socket: Socket) => void socket.once('data', () => socket.write(response));

/** Answers a promise of the first connection's end, as the service sees it. */
async function connectionClosed(sockets: readonly Socket[]): Promise<void> {
  await vi.waitFor(() => expect(sockets.length).toBeGreaterThan(0), patience);
  const socket = sockets[0] ?? new Socket();
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

describe('an answered request', () => {
  it('is sent exactly as it was given', async () => {
    const seen: unknown[] = [];
    await using service = await startHttpService((incoming, answer) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => {
        body += String(chunk);
      });
      incoming.on('end', () => {
        seen.push({ method: incoming.method, url: incoming.url, headers: incoming.rawHeaders, body });
        answer.end();
      });
    });
    await using network = openNetwork();
    const path = '/v1/a%2Fb?q=%20x';
    await network.get(service.origin, { method: 'PATCH', path, headers: ['X-Key', 'k', 'authorization', 'Bearer t'], body: '{"a":"ü"}' });
    await network.get(service.origin, { method: 'POST', path, body: new TextEncoder().encode('bytes') });
    const host = ['host', new URL(service.origin).host, 'connection', 'keep-alive'];
    expect(seen).toEqual([
      {
        method: 'PATCH',
        url: path,
        headers: [...host, 'X-Key', 'k', 'authorization', 'Bearer t', 'content-length', '10'],
        body: '{"a":"ü"}',
      },
      { method: 'POST', url: path, headers: [...host, 'content-length', '5'], body: 'bytes' },
    ]);
  });

  it('gives status, lower-case headers and the bytes of the body', async () => {
    await using service = await startHttpService((_incoming, answer) => {
      answer.writeHead(418, [
        ['X-One', 'a'],
        ['X-Two', 'b'],
        ['X-Two', 'c'],
        ['content-type', 'text/plain'],
      ]);
      answer.write('short ');
      setImmediate(() => answer.end('and stout'));
    });
    await using network = openNetwork();
    const { status, headers, body, truncated } = await network.get(service.origin);
    expect([status, text(body), truncated]).toEqual([418, 'short and stout', false]);
    expect(headers).toMatchObject({ 'x-one': 'a', 'x-two': ['b', 'c'], 'content-type': 'text/plain' });
  });

  it.each<[string, RequestListener]>([
    ['an empty body', (_incoming, answer) => answer.writeHead(200).end()],
    ['204', (_incoming, answer) => answer.writeHead(204).end()],
    ['HEAD with a length beyond the limit', (_incoming, answer) => answer.writeHead(200, { 'content-length': 9_999 }).end()],
  ])('has no bytes for %s', async (name, handle) => {
    await using service = await startHttpService(handle);
    await using network = openNetwork();
    const { body } = await network.get(service.origin, { method: name.startsWith('HEAD') ? 'HEAD' : 'GET' });
    expect(body).toHaveLength(0);
  });

  it('leaves a compressed body as it is and asks for none', async () => {
    const asked: unknown[] = [];
    await using service = await startHttpService((incoming, answer) => {
      asked.push(incoming.headers['accept-encoding']);
      answer.writeHead(200, { 'content-encoding': 'gzip' }).end('not really');
    });
    await using network = openNetwork();
    expect(text((await network.get(service.origin)).body)).toBe('not really');
    expect(asked).toEqual([undefined]);
  });

  it('takes interim answers before the real one', async () => {
    await using service = await startTcpService(raw('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
    await using network = openNetwork();
    expect(text((await network.get(service.origin)).body)).toBe('ok');
  });

  it('leaves no listener on the signal and no deadline behind', async () => {
    await using service = await startHttpService((_incoming, answer) => answer.end('ok'));
    await using network = openNetwork();
    const { signal } = new AbortController();
    const listening: number[] = [];
    const answer = network.get(service.origin, { signal });
    listening.push(getEventListeners(signal, 'abort').length);
    await answer;
    listening.push(getEventListeners(signal, 'abort').length);
    expect(listening).toEqual([1, 0]);
    expect(network.clock.pending).toBe(0);
  });
});

describe('a pending request', () => {
  it('is forgotten by the deadlines however it ends', () => {
    const deadlines = new RequestDeadlines(createManualClock());
    const forget = vi.spyOn(deadlines, 'forget');
    const request = { origin: 'http://127.0.0.1', path: '/', method: 'GET', headers: [], maxResponseBytes: 9 };
    const endings: ((pending: PendingRequest) => void)[] = [
      (pending) => pending.onResponseEnd(),
      (pending) => pending.onResponseError(null, new Error('lost')),
      (pending) => pending.handleEvent(),
      (pending) => pending.expire(),
    ];
    for (const end of endings) {
      const pending = new PendingRequest(request, { deadlines, meter: new WireMeter(), sessions: new SessionMeter(createManualClock()) });
      pending.answer.catch(() => {});
      end(pending);
      end(pending);
      expect(forget.mock.calls.splice(0)).toEqual([[pending]]);
    }
  });
});

describe('the limit on a response', () => {
  const sized =
    (size: number): RequestListener =>
    (_incoming, answer) =>
      answer.writeHead(200, { 'content-length': size }).end('x'.repeat(size));
  const streamed =
    (size: number): RequestListener =>
    (_incoming, answer) =>
      void answer.writeHead(200).write('x'.repeat(size));

  it('lets a body of exactly the limit through', async () => {
    await using service = await startHttpService(sized(1_000));
    await using network = openNetwork();
    expect((await network.get(service.origin)).body).toHaveLength(1_000);
  });

  it.each([
    ['announced', sized(1_001)],
    ['streamed', streamed(5_000)],
  ])('refuses a longer body that is %s, and closes the connection', async (_name, handle) => {
    await using service = await startHttpService(handle);
    await using network = openNetwork();
    expect(await rejection(network.get(service.origin))).toMatchObject({
      code: 'response_too_large',
      sent: 'maybe',
      details: { status: 200 },
    });
    await connectionClosed(service.sockets);
  });

  it.each([
    ['announced', sized(5_000)],
    ['streamed', streamed(5_000)],
  ])('cuts a longer body that is %s when told so, and closes the connection', async (_name, handle) => {
    await using service = await startHttpService(handle);
    await using network = openNetwork();
    const { status, body, truncated } = await network.get(service.origin, { overflow: 'truncate' });
    expect([status, text(body), truncated]).toEqual([200, 'x'.repeat(1_000), true]);
    await connectionClosed(service.sockets);
  });

  it.each([
    ['headers that never end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`],
    ['a flood of interim answers', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(50)],
  ])('refuses %s', async (_name, response) => {
    await using service = await startTcpService(raw(response));
    await using network = openNetwork();
    expect(await rejection(network.get(service.origin))).toMatchObject({ code: 'response_too_large', sent: 'maybe' });
    await connectionClosed(service.sockets);
  });
});

describe('a time-out', () => {
  const timeouts = { connectMs: 1_000, headersMs: 2_000, bodyMs: 3_000, totalMs: 60_000 };

  it('while waiting for a free connection says that nothing was sent, and the request never leaves', async () => {
    const paths: unknown[] = [];
    const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>();
    await using service = await startHttpService((incoming, answer) => {
      paths.push(incoming.url);
      void mayAnswer.then(() => answer.end('late'));
    });
    await using network = openNetwork({ connections: 1 });
    const first = network.get(service.origin, { path: '/first' });
    const second = rejection(network.get(service.origin, { path: '/second', timeouts }));
    await vi.waitFor(() => expect(paths).toEqual(['/first']), patience);
    network.clock.advance(1_000);
    expect(await second).toMatchObject({ code: 'timeout', sent: 'no', retryable: true, details: { phase: 'connect', afterMs: 1_000 } });
    letAnswer();
    await first;
    await network.get(service.origin, { path: '/third' });
    expect(paths).toEqual(['/first', '/third']);
  });

  it('while waiting for the headers says that the request may have arrived, and closes the connection', async () => {
    await using service = await startTcpService((socket) => socket.resume());
    await using network = openNetwork();
    const failed = rejection(network.get(service.origin, { timeouts }));
    await vi.waitFor(() => expect(service.sockets[0]?.bytesRead).toBeGreaterThan(0), patience);
    network.clock.advance(2_000);
    expect(await failed).toMatchObject({ code: 'timeout', sent: 'maybe', retryable: true, details: { phase: 'headers', afterMs: 2_000 } });
    await connectionClosed(service.sockets);
  });

  it('counts the pause between pieces of a body, not the whole', async () => {
    await using service = await startTcpService(raw('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n'));
    await using network = openNetwork();
    const failed = rejection(network.get(service.origin, { timeouts }));
    await vi.waitFor(() => expect(service.sockets[0]?.bytesWritten).toBeGreaterThan(0), patience);
    for (const piece of ['a', 'b']) {
      await pieceArrives(service.sockets[0], piece);
      network.clock.advance(2_999);
    }
    network.clock.advance(1);
    expect(await failed).toMatchObject({ code: 'timeout', sent: 'maybe', details: { phase: 'body', afterMs: 3_000 } });
    await connectionClosed(service.sockets);
  });

  it('ends the whole however the parts go', async () => {
    await using service = await startTcpService(raw('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n'));
    await using network = openNetwork();
    const failed = rejection(network.get(service.origin, { timeouts: { ...timeouts, totalMs: 5_000 } }));
    await vi.waitFor(() => expect(service.sockets[0]?.bytesWritten).toBeGreaterThan(0), patience);
    for (const piece of ['a', 'b']) {
      await pieceArrives(service.sockets[0], piece);
      network.clock.advance(2_500);
    }
    expect(await failed).toMatchObject({ code: 'timeout', sent: 'maybe', details: { phase: 'total', afterMs: 5_000 } });
  });
});

/** Writes a piece and waits until a second connection has made a round trip, by which time the piece has been read. */
async function pieceArrives(socket: Socket | undefined, piece: string): Promise<void> {
  if (socket === undefined) throw new TypeError('There is no connection.');
  await new Promise((resolve) => socket.write(piece, resolve));
  await using echo = await startTcpService((other) => other.end());
  const other = new Socket().connect(echo.port, '127.0.0.1').resume();
  await once(other, 'close');
}

describe('an abort', () => {
  it('before the call says that nothing was sent, and opens nothing', async () => {
    await using service = await startTcpService(() => {});
    await using network = openNetwork();
    const failed = await rejection(network.get(service.origin, { signal: AbortSignal.abort() }));
    expect(failed).toMatchObject({ code: 'aborted', sent: 'no' });
    expect(service.sockets).toHaveLength(0);
  });

  it('before the connection is ready says that nothing was sent, and nothing is', async () => {
    const { promise: resolved, resolve } = Promise.withResolvers<{ address: string }[]>();
    await using service = await startTcpService((socket) => socket.resume());
    await using network = openNetwork({ lookup: () => resolved });
    await network.prepare();
    const caller = new AbortController();
    const failed = rejection(network.get(`http://api.corp:${service.port}`, { signal: caller.signal }));
    caller.abort();
    expect(await failed).toMatchObject({ code: 'aborted', sent: 'no' });
    resolve([{ address: '127.0.0.1' }]);
    await vi.waitFor(() => expect(service.sockets).toHaveLength(1), patience);
    await network[Symbol.asyncDispose]();
    await connectionClosed(service.sockets);
    expect(service.sockets[0]?.bytesRead).toBe(0);
  });

  it.each([
    ['before the answer', ''],
    ['in the middle of the answer', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'],
  ])('%s says that the request may have arrived, and closes the connection', async (_name, response) => {
    await using service = await startTcpService(raw(response));
    await using network = openNetwork();
    const caller = new AbortController();
    const failed = rejection(network.get(service.origin, { signal: caller.signal }));
    await vi.waitFor(() => expect(service.sockets[0]?.bytesRead).toBeGreaterThan(0), patience);
    caller.abort();
    expect(await failed).toMatchObject({ code: 'aborted', sent: 'maybe' });
    await connectionClosed(service.sockets);
  });
});

describe('a failed request', () => {
  it('says that nothing was sent when the connection is refused', async () => {
    await using network = openNetwork();
    expect(await rejection(network.get(`http://127.0.0.1:${await closedPort()}`))).toMatchObject({
      code: 'network',
      sent: 'no',
      retryable: true,
    });
  });

  it.each<[string, (socket: Socket) => unknown, string]>([
    ['the connection is reset', (socket) => socket.resetAndDestroy(), 'network'],
    ['the connection is closed', (socket) => socket.end(), 'network'],
    ['the body ends early', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'), 'network'],
    ['the answer is not HTTP', (socket) => socket.write('220 smtp hunter2\r\n'), 'response_invalid'],
  ])('says that the request may have arrived when %s', async (_name, handle, code) => {
    await using service = await startTcpService((socket) => void socket.once('data', () => handle(socket)));
    await using network = openNetwork();
    const error = await rejection(network.get(service.origin, { method: 'POST', body: '{}' }));
    expect(error).toMatchObject({ code, sent: 'maybe', retryable: true });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain('hunter2');
  });
});
