import { once } from 'node:events';
import { constants, createSecureServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { selfSignedCertificate } from './__fixtures__/self-signed-certificate.ts';
import { createNetwork } from './create-network.ts';
import type { NetworkRequest } from './network-request.ts';

/** For sockets of this machine, which may be busy with other tests. */
const patience = { timeout: 20_000 };
const mebibyte = 1_048_576;
const certificate = selfSignedCertificate({ names: ['localhost'], addresses: ['127.0.0.1'] });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

function openNetwork() {
  const clock = createManualClock();
  const network = createNetwork({ clock, loopbackOnly: true, extraAuthorities: [certificate.cert] });
  open.push(network);
  const request = (port: number, changes: Partial<NetworkRequest> = {}): NetworkRequest => ({
    origin: `https://127.0.0.1:${port}`,
    path: '/',
    method: 'GET',
    headers: [],
    maxResponseBytes: 65_536,
    http2: true,
    ...changes,
  });
  const ask = async (port: number, changes: Partial<NetworkRequest> = {}): Promise<unknown> => {
    try {
      const { status, body } = await network.request(request(port, changes));
      return [status, String(Buffer.from(body))];
    } catch (error) {
      return isPatchbayError(error) ? [error.code, error.sent] : error;
    }
  };
  return { clock, network, request, ask };
}

type Handle = (stream: ServerHttp2Stream, headers: Readonly<Record<string, unknown>>, nth: number) => void;

/** A service that speaks HTTP/2 over TLS on this machine. */
async function modernService(handle: Handle) {
  const sessions: Http2Session[] = [];
  const sockets: Socket[] = [];
  let count = 0;
  const server = createSecureServer({ ...certificate, allowHTTP1: false });
  server.on('session', (session) => void sessions.push(session.on('error', () => undefined)));
  server.on('secureConnection', (socket: Socket) => void sockets.push(socket.on('error', () => undefined)));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    count += 1;
    handle(stream, headers, count);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  open.push({
    close: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy();
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
  return { port, sessions, sockets, streams: () => count };
}

const answerOk: Handle = (stream) => {
  stream.respond({ ':status': 200 });
  stream.end('ok');
};

describe('a service that speaks HTTP/2', () => {
  it('is spoken to over one connection for all that is under way, with everything as it was given', async () => {
    const seen: unknown[] = [];
    const service = await modernService((stream, headers) => {
      text(stream).then((body) => {
        seen.push({ ...headers, body });
        stream.respond({ ':status': 201, 'x-two': ['a', 'b'] });
        stream.end('made');
      });
    });
    const { network, request } = openNetwork();
    const path = '/v1/a%2Fb?q=%20x';
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        network.request(
          request(service.port, { method: 'POST', path, headers: ['authorization', 'Bearer t', 'x-n', String(index)], body: '{"a":"ü"}' }),
        ),
      ),
    );
    expect(all.map(({ status, body }) => [status, String(Buffer.from(body))])).toEqual(Array(20).fill([201, 'made']));
    expect(all[0]?.headers).toMatchObject({ 'x-two': 'a, b' });
    expect(all[0]?.headers).not.toHaveProperty(':status');
    expect(service.sockets).toHaveLength(1);
    expect(seen).toHaveLength(20);
    expect(seen[0]).toMatchObject({
      ':path': path,
      ':authority': `127.0.0.1:${service.port}`,
      authorization: 'Bearer t',
      body: '{"a":"ü"}',
    });
  });

  it('is spoken to in HTTP/1.1 where nobody asked for more, or where it knows no more', async () => {
    const versions: string[] = [];
    const server = createHttpsServer(certificate, (incoming, answer) => {
      versions.push(incoming.httpVersion);
      answer.end('old');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({
      close: async () => {
        server.closeAllConnections();
        server.close();
      },
    });
    const { port } = server.address() as AddressInfo;
    const offered: unknown[] = [];
    const picky = createTlsServer({ ...certificate, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
      offered.push(socket.alpnProtocol);
      socket.on('error', () => undefined).end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
    picky.listen(0, '127.0.0.1');
    await once(picky, 'listening');
    open.push({ close: async () => void picky.close() });
    const { ask } = openNetwork();
    expect(await ask(port)).toEqual([200, 'old']);
    expect(await ask(port, { http2: false })).toEqual([200, 'old']);
    expect(versions).toEqual(['1.1', '1.1']);
    expect(await ask((picky.address() as AddressInfo).port, { http2: false })).toEqual([200, '']);
    expect(offered).toEqual(['http/1.1']);
  });

  it('is not believed without a good certificate', async () => {
    const service = await modernService(answerOk);
    const network = createNetwork({ clock: createManualClock(), loopbackOnly: true });
    open.push(network);
    const { request } = openNetwork();
    await expect(network.request(request(service.port))).rejects.toMatchObject({ code: 'network', sent: 'no' });
    expect(service.streams()).toBe(0);
  });

  it('is told when a caller stops, and its connection goes on', async () => {
    const codes: number[] = [];
    const service = await modernService((stream, _headers, nth) => {
      if (nth > 1) answerOk(stream, {}, nth);
      else stream.once('close', () => void codes.push(stream.rstCode));
    });
    const { ask } = openNetwork();
    const abort = new AbortController();
    const stopped = ask(service.port, { signal: abort.signal });
    await vi.waitFor(() => expect(service.streams()).toBe(1), patience);
    abort.abort();
    expect(await stopped).toEqual(['aborted', 'maybe']);
    await vi.waitFor(() => expect(codes).toHaveLength(1), patience);
    expect(await ask(service.port)).toEqual([200, 'ok']);
    expect(service.sockets).toHaveLength(1);
  });

  it('takes a body that is read while it is sent, and gives one that is read as it comes', async () => {
    const service = await modernService((stream) => {
      stream.respond({ ':status': 200 });
      stream.pipe(stream);
    });
    const { network, request } = openNetwork();
    const pieces = async function* () {
      for (let index = 0; index < 64; index += 1) yield Buffer.alloc(65_536, index);
    };
    const answer = await network.stream(
      request(service.port, { method: 'POST', body: { pieces: pieces(), maximumBytes: 64 * mebibyte }, maxResponseBytes: 64 * mebibyte }),
    );
    let read = 0;
    for await (const { byteLength } of answer.pieces) read += byteLength;
    expect(read).toBe(4 * mebibyte);
  });

  it('that refuses a request unread, or goes away before it, has not had it', async () => {
    const { NGHTTP2_REFUSED_STREAM: refused } = constants;
    const { ask } = openNetwork();
    const stream = (): { pieces: AsyncIterable<string>; maximumBytes: number } => ({
      pieces: (async function* () {
        yield 'x';
      })(),
      maximumBytes: 10,
    });
    const refusing = await modernService((each) => each.close(refused));
    // Once more by itself, and not again.
    expect(await ask(refusing.port, { method: 'POST', body: '{}' })).toEqual(['network', 'no']);
    expect(refusing.streams()).toBe(2);
    expect(await ask(refusing.port, { method: 'POST', body: stream() })).toEqual(['network', 'no']);
    expect(refusing.streams()).toBe(3);
    // GOAWAY that names no stream as its last.
    const going = await rawService((socket) => void socket.write(frame(7, 0, Buffer.alloc(8))));
    expect(await ask(going.port, { method: 'POST', body: '{}' })).toEqual(['network', 'no']);
    expect(going.sockets).toHaveLength(2);
    expect(await ask(going.port, { method: 'POST', body: stream() })).toEqual(['network', 'no']);
    expect(going.sockets).toHaveLength(3);
    const broken = await modernService((each) => each.close(constants.NGHTTP2_INTERNAL_ERROR));
    expect(await ask(broken.port, { method: 'POST', body: '{}' })).toEqual(['network', 'maybe']);
    // The head of an answer, 200, and then a refusal.
    const lying = await rawService((socket) => {
      socket.write(Buffer.concat([frame(1, 1, Buffer.from([0x88]), 4), frame(3, 1, Buffer.from([0, 0, 0, refused]))]));
    });
    expect(await ask(lying.port, { method: 'POST', body: '{}' })).toEqual(['network', 'maybe']);
    const cut = await modernService((each) => {
      each.respond({ ':status': 200 });
      each.write('half');
      setImmediate(() => each.destroy(new Error('fell over')));
    });
    expect(await ask(cut.port)).toEqual(['network', 'maybe']);
  });
});

describe('a connection of HTTP/2 that many share', () => {
  const large: Handle = (stream, headers, nth) => {
    if (headers[':path'] !== '/large') return answerOk(stream, headers, nth);
    stream.respond({ ':status': 200 });
    Readable.from(Array.from({ length: 256 }, () => Buffer.alloc(16_384))).pipe(stream);
  };

  it('goes on for the others while answers of it are not read', async () => {
    const service = await modernService(large);
    const { network, request, ask } = openNetwork();
    const paused = await Promise.all(
      Array.from({ length: 40 }, () => network.stream(request(service.port, { path: '/large', maxResponseBytes: 8 * mebibyte }))),
    );
    // What they have let in stands in buffers by now.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const others = await Promise.race([
      Promise.all(Array.from({ length: 20 }, () => ask(service.port))),
      new Promise((resolve) => setTimeout(() => resolve('held up'), 3_000)),
    ]);
    expect(others).toEqual(Array(20).fill([200, 'ok']));
    for (const { pieces } of paused) pieces.cancel();
    expect(await ask(service.port)).toEqual([200, 'ok']);
  });

  it('answers what was begun before the service goes away, and another takes what comes after', async () => {
    const held: ServerHttp2Stream[] = [];
    const service = await modernService((stream, headers, nth) => {
      if (headers[':path'] === '/slow') held.push(stream);
      else answerOk(stream, headers, nth);
    });
    const { ask } = openNetwork();
    const slow = ask(service.port, { path: '/slow', method: 'POST', body: '{}' });
    await vi.waitFor(() => expect(held).toHaveLength(1), patience);
    held[0]?.session?.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await ask(service.port)).toEqual([200, 'ok']);
    held[0]?.respond({ ':status': 200 });
    held[0]?.end('done');
    expect(await slow).toEqual([200, 'done']);
    expect(service.sockets).toHaveLength(2);
  });
});

describe('a hostile service that speaks HTTP/2', () => {
  const tooLarge = ['response_too_large', 'maybe'];

  it.each<[string, Handle, unknown]>([
    ['a body without an end', (stream) => pour(stream), tooLarge],
    [
      'a body larger than announced',
      (stream) => {
        stream.respond({ ':status': 200, 'content-length': '2' });
        stream.end('more');
      },
      ['response_invalid', 'maybe'],
    ],
    [
      'interim answers without end',
      (stream) => {
        for (let index = 0; index < 40; index += 1) stream.additionalHeaders({ ':status': 103 });
      },
      tooLarge,
    ],
    ['more headers than anybody reads', (stream) => stream.respond(manyHeaders(500, 10)), ['network', 'maybe']],
    ['headers larger than anybody reads', (stream) => stream.respond(manyHeaders(60, 4_000)), ['network', 'maybe']],
    ['an end without an answer', (stream) => stream.close(), ['network', 'maybe']],
    ['the end of its connection', (stream) => stream.session?.destroy(), ['network', 'maybe']],
  ])('costs a bounded number of bytes: %s', async (_name, handle, expected) => {
    const service = await modernService(handle);
    const { ask } = openNetwork();
    const before = process.memoryUsage().rss;
    expect(await ask(service.port)).toEqual(expected);
    expect(service.sockets[0]?.bytesWritten ?? 0).toBeLessThan(8 * mebibyte);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * mebibyte);
  });

  it('that opens no window, or allows no stream, is given up in time', async () => {
    const { clock, ask } = openNetwork();
    const shut = await modernService(() => undefined);
    const small = createSecureServer({ ...certificate, settings: { initialWindowSize: 0 } });
    small.on('stream', (stream) => stream.on('error', () => undefined));
    small.listen(0, '127.0.0.1');
    await once(small, 'listening');
    const socketsOfSmall: Socket[] = [];
    small.on('secureConnection', (socket: Socket) => void socketsOfSmall.push(socket));
    open.push({
      close: async () => {
        for (const socket of socketsOfSmall) socket.destroy();
        small.close();
      },
    });
    const endless = async function* () {
      for (;;) yield Buffer.alloc(16_384);
    };
    const body = { pieces: endless(), maximumBytes: 64 * mebibyte };
    const sent = ask((small.address() as AddressInfo).port, { method: 'POST', body, timeouts: { sendMs: 5_000 } });
    await vi.waitFor(() => expect(socketsOfSmall).toHaveLength(1), patience);
    await vi.waitFor(async () => {
      clock.advance(5_000);
      expect(await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, 50))])).toEqual(['timeout', 'maybe']);
    }, patience);
    const silent = ask(shut.port, { timeouts: { headersMs: 5_000 } });
    await vi.waitFor(() => expect(shut.streams()).toBe(1), patience);
    clock.advance(5_000);
    expect(await silent).toEqual(['timeout', 'maybe']);
  });

  it.each<[string, Buffer, string]>([
    // Type 6: PING. The same with an acknowledgement nobody asked for would end the session by itself.
    ['pings', frame(6, 0, Buffer.alloc(8)), 'network'],
    ['settings', frame(4, 0, Buffer.from([0, 3, 0, 0, 0, 100])), 'network'],
    ['priorities', frame(2, 1, Buffer.from([0, 0, 0, 0, 16])), 'network'],
    ['empty pieces of a body', frame(0, 1, Buffer.alloc(0)), 'network'],
    // Few and large: Node counts frames, and the network counts bytes.
    ['frames of a kind that nobody knows', frame(200, 0, Buffer.alloc(16_000)), 'response_too_large'],
  ])('that sends %s without end is cut off', async (_name, flood, code) => {
    let written = 0;
    const piece = Buffer.concat(Array.from({ length: Math.ceil(65_536 / flood.byteLength) }, () => flood));
    const service = await rawService((socket) => {
      const write = (): void => {
        if (socket.destroyed || written > 256 * mebibyte) return;
        written += piece.byteLength;
        if (socket.write(piece)) setImmediate(write);
        else socket.once('drain', write);
      };
      write();
    });
    const { ask, clock } = openNetwork();
    const asked = ask(service.port, { timeouts: { headersMs: 600_000, totalMs: 600_000 } });
    const ended = await vi.waitFor(async () => {
      clock.advance(250);
      const answer = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 20))]);
      expect(answer).toBeDefined();
      return answer;
    }, patience);
    expect(ended).toEqual([code, 'maybe']);
    expect(written).toBeLessThan(64 * mebibyte);
  });
});

/** A service that writes frames of its own making, once the head of a request has come. */
async function rawService(handle: (socket: TLSSocket) => void) {
  const sockets: TLSSocket[] = [];
  const server = createTlsServer({ ...certificate, ALPNProtocols: ['h2'] }, (socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.write(frame(4, 0, Buffer.alloc(0)));
    let began = false;
    socket.on('data', (bytes: Buffer) => {
      // Behind the preface come frames: type 1 is the head of a request.
      const hasHead = framesOf(bytes.toString('latin1').startsWith('PRI') ? bytes.subarray(24) : bytes).includes(1);
      if (!hasHead || began) return;
      began = true;
      handle(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

function framesOf(bytes: Buffer): readonly number[] {
  const types: number[] = [];
  for (let at = 0; at + 9 <= bytes.byteLength; at += 9 + bytes.readUIntBE(at, 3)) types.push(bytes.readUInt8(at + 3));
  return types;
}

/** One frame as RFC 9113, section 4.1, writes it. */
function frame(type: number, stream: number, payload: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.byteLength, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function manyHeaders(count: number, size: number): Record<string, string | number> {
  return Object.fromEntries([[':status', 200], ...Array.from({ length: count }, (_, index) => [`x-${index}`, 'y'.repeat(size)])]);
}

function pour(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200 });
  const write = (): void => {
    while (!stream.destroyed && stream.write(Buffer.alloc(16_384)));
    if (!stream.destroyed) stream.once('drain', write);
  };
  write();
}
