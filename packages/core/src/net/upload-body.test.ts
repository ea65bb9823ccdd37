import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { closedPort, startHttpService, startTcpService } from './__fixtures__/loopback-service.ts';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { standsStill } from './__fixtures__/stands-still.ts';
import { createNetwork } from './create-network.ts';
import type { NetworkRequest } from './network-request.ts';
import type { PieceSource } from './upload-source.ts';

/** For sockets of this machine, which may be busy with other tests. */
const patience = { timeout: 20_000 };
const mebibyte = 1_048_576;

function openNetwork() {
  const clock = createManualClock();
  const network = createNetwork({ clock, loopbackOnly: true });
  const send = (
    origin: string,
    pieces: PieceSource,
    { bytes, maximumBytes = 64 * mebibyte, ...changes }: Partial<NetworkRequest> & { bytes?: number; maximumBytes?: number } = {},
  ) => {
    const body = { pieces, bytes, maximumBytes };
    return network.request({ origin, path: '/', method: 'POST', headers: [], body, maxResponseBytes: 1_000, ...changes });
  };
  return { clock, network, send, [Symbol.asyncDispose]: () => network.close() };
}

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

/** A source that says when it was stopped. */
function sourceOf(pieces: readonly unknown[], end: 'ends' | 'waits' | 'fails' = 'ends') {
  const seen = { asked: 0, stopped: false };
  const iterator = {
    async next() {
      const index = seen.asked;
      seen.asked += 1;
      if (index < pieces.length) return { done: false, value: pieces[index] };
      if (end === 'waits') await new Promise(() => undefined);
      if (end === 'fails') throw new Error('disk on fire');
      return { done: true, value: undefined };
    },
    async return() {
      seen.stopped = true;
      return { done: true, value: undefined };
    },
  };
  return { seen, source: { [Symbol.asyncIterator]: () => iterator } as unknown as AsyncIterable<Uint8Array | string> };
}

async function collecting() {
  const seen: { headers: IncomingMessage['headers']; body: string }[] = [];
  const service = await startHttpService((incoming, answer) => {
    text(incoming).then(
      (body) => {
        seen.push({ headers: incoming.headers, body });
        answer.end('taken');
      },
      () => undefined,
    );
  });
  return { service, seen, origin: service.origin, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

const webStream = (pieces: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array | string> => ReadableStream.from(pieces);

describe('a body that is read while it is sent', () => {
  it('goes in chunks where its length is not known, and with its length where it is', async () => {
    await using service = await collecting();
    await using network = openNetwork();
    const pieces = ['one ', new TextEncoder().encode('twö '), '', 'three'];
    expect(await network.send(service.origin, webStream(pieces))).toMatchObject({ status: 200 });
    expect(await network.send(service.origin, sourceOf(pieces).source, { bytes: 14 })).toMatchObject({ status: 200 });
    expect(await network.send(service.origin, sourceOf([]).source)).toMatchObject({ status: 200 });
    const body = 'one twö three';
    expect(service.seen).toMatchObject([
      { body, headers: { 'transfer-encoding': 'chunked' } },
      { body, headers: { 'content-length': '14' } },
      { body: '', headers: { 'content-length': '0' } },
    ]);
    expect(service.seen[1]?.headers).not.toHaveProperty('transfer-encoding');
    expect(network.clock.pending).toBe(0);
  });

  it('is read no faster than the service takes it', async () => {
    const incoming = Promise.withResolvers<IncomingMessage>();
    await using service = await startHttpService((request, answer) => {
      request.once('end', () => answer.end());
      incoming.resolve(request);
    });
    await using network = openNetwork();
    let given = 0;
    const endless = (async function* () {
      for (; given < 512; given += 1) yield Buffer.alloc(65_536);
    })();
    const sent = network.send(service.origin, endless);
    const request = await incoming.promise;
    await standsStill(() => given);
    expect(given).toBeLessThan(384);
    request.resume();
    expect(await sent).toMatchObject({ status: 200 });
    expect(given).toBe(512);
  });

  it.each([
    ['fewer bytes than announced', ['12345'], { bytes: 6 }, 'invalid_argument'],
    ['more bytes than announced', ['12345', '6789'], { bytes: 6 }, 'invalid_argument'],
    ['more bytes than it may', ['12345', '6789'], { maximumBytes: 8 }, 'body_too_large'],
    ['what is no bytes', ['12345', 6], {}, 'invalid_argument'],
  ])('that gives %s breaks the request off, and the service sees no end of it', async (_name, pieces, options, code) => {
    let ended = false;
    const left = Promise.withResolvers<void>();
    await using service = await startHttpService((request) => {
      request
        .on('error', () => undefined)
        .on('end', () => {
          ended = true;
        });
      request.resume().once('close', () => left.resolve());
    });
    await using network = openNetwork();
    const { source, seen } = sourceOf(pieces);
    expect(await caught(network.send(service.origin, source, options))).toMatchObject({ code, sent: 'maybe', retryable: false });
    await left.promise;
    expect([ended, seen.stopped]).toEqual([false, true]);
    expect(network.clock.pending).toBe(0);
  });

  it('that fails breaks the request off with its error as the cause', async () => {
    await using service = await collecting();
    await using network = openNetwork();
    const error = await caught(network.send(service.origin, sourceOf(['12345'], 'fails').source));
    expect(error).toMatchObject({ code: 'aborted', sent: 'maybe', cause: { message: 'disk on fire' } });
    expect(String(error)).not.toContain('disk');
    expect(service.seen).toEqual([]);
  });

  it('is stopped at its source when the request ends otherwise: no connection, an abort, an early answer', async () => {
    await using network = openNetwork();
    const nobody = sourceOf(['x']);
    const refused = await caught(network.send(`http://127.0.0.1:${await closedPort()}`, nobody.source));
    expect([refused, nobody.seen]).toMatchObject([
      { code: 'network', sent: 'no' },
      { asked: 0, stopped: true },
    ]);
    await using service = await startTcpService(
      (socket) => void socket.once('data', () => socket.write('HTTP/1.1 413 No\r\ncontent-length: 0\r\n\r\n')),
    );
    const early = sourceOf(['x'], 'waits');
    expect(await network.send(service.origin, early.source)).toMatchObject({ status: 413 });
    expect(early.seen.stopped).toBe(true);
    await using silent = await startTcpService(() => undefined);
    const abort = new AbortController();
    const stopped = sourceOf(['x'], 'waits');
    const sent = caught(network.send(silent.origin, stopped.source, { signal: abort.signal }));
    await vi.waitFor(() => expect(stopped.seen.asked).toBe(2), patience);
    abort.abort();
    expect(await sent).toMatchObject({ code: 'aborted', sent: 'maybe' });
    expect(stopped.seen.stopped).toBe(true);
  });

  it('of a web stream is cancelled, also while a piece is waited for', async () => {
    const cancelled = Promise.withResolvers<void>();
    const waits = new ReadableStream<Uint8Array>({
      pull: () => new Promise<void>(() => undefined),
      cancel: () => cancelled.resolve(),
    });
    await using silent = await startTcpService(() => undefined);
    await using network = openNetwork();
    const abort = new AbortController();
    const sent = caught(network.send(silent.origin, waits, { signal: abort.signal }));
    await vi.waitFor(() => expect(waits.locked).toBe(true), patience);
    abort.abort();
    await cancelled.promise;
    expect(await sent).toMatchObject({ code: 'aborted' });
  });

  it('that somebody else reads is refused', async () => {
    const read = webStream(['x']);
    read.getReader();
    await using service = await collecting();
    await using network = openNetwork();
    expect(await caught(network.send(service.origin, read))).toMatchObject({ code: 'aborted' });
    expect(service.seen).toEqual([]);
  });

  it('may take its time as long as it moves; the answer has time of its own afterwards', async () => {
    const incoming = Promise.withResolvers<IncomingMessage>();
    await using service = await startHttpService((request) => incoming.resolve(request));
    await using network = openNetwork();
    let push: (piece: string | null) => void = () => undefined;
    const source = new ReadableStream<string>({
      start(controller) {
        push = (piece) => (piece === null ? controller.close() : controller.enqueue(piece));
      },
    });
    const timeouts = { sendMs: 5_000, headersMs: 7_000, totalMs: 600_000 };
    const sent = caught(network.send(service.origin, source, { timeouts }));
    push('0');
    const request = await incoming.promise;
    for (let index = 1; index < 4; index += 1) {
      network.clock.advance(4_000);
      push(String(index));
      await once(request, 'data');
    }
    push(null);
    await once(request.resume(), 'end');
    network.clock.advance(6_999);
    network.clock.advance(1);
    expect(await sent).toMatchObject({ code: 'timeout', sent: 'maybe', details: { phase: 'headers' } });
  });

  it('that stands still is given up, the source and the service alike', async () => {
    await using silent = await startTcpService((socket) => void socket.pause());
    await using network = openNetwork();
    for (const pieces of [['x'], Array.from({ length: 300 }, () => Buffer.alloc(65_536))]) {
      const { source, seen } = sourceOf(pieces, 'waits');
      const sent = caught(network.send(silent.origin, source, { timeouts: { sendMs: 5_000 } }));
      await vi.waitFor(() => expect(seen.asked).toBeGreaterThan(0), patience);
      await standsStill(() => seen.asked);
      network.clock.advance(5_000);
      expect(await sent).toMatchObject({ code: 'timeout', sent: 'maybe', details: { phase: 'send' } });
    }
  });
});
