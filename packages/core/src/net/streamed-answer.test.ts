import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { type LoopbackService, startHttpService, startTcpService } from './__fixtures__/loopback-service.ts';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { standsStill } from './__fixtures__/stands-still.ts';
import { createNetwork } from './create-network.ts';
import type { NetworkRequest } from './network-request.ts';

/** For sockets of this machine, which may be busy with other tests. */
const patience = { timeout: 20_000 };
const mebibyte = 1_048_576;

function openNetwork() {
  const clock = createManualClock();
  const network = createNetwork({ clock, loopbackOnly: true });
  const ask = (service: LoopbackService, changes: Partial<NetworkRequest> = {}) =>
    network.stream({ origin: service.origin, path: '/', method: 'GET', headers: [], maxResponseBytes: 64 * mebibyte, ...changes });
  return { clock, network, ask, [Symbol.asyncDispose]: () => network.close() };
}

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

/** A service that keeps its answers, for the test to write. */
async function heldService() {
  const answers: ServerResponse[] = [];
  const service = await startHttpService((_incoming, answer) => void answers.push(answer));
  const answer = async (): Promise<ServerResponse> => {
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(0), patience);
    const first = answers[0];
    if (!first) throw new Error('no answer');
    return first;
  };
  return { service, answer, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

const closed = async (answer: ServerResponse): Promise<void> => {
  if (!answer.closed) await once(answer, 'close');
};

describe('an answer that is read as it comes', () => {
  it('gives status and headers before the body is there, then each piece, then the end', async () => {
    await using held = await heldService();
    await using network = openNetwork();
    const asked = network.ask(held.service);
    const answer = await held.answer();
    answer.writeHead(206, { 'x-one': 'a' });
    answer.flushHeaders();
    const { status, headers, pieces } = await asked;
    expect([status, headers['x-one']]).toEqual([206, 'a']);
    const first = pieces.next();
    answer.write('first');
    expect(String((await first).value)).toBe('first');
    answer.end('second');
    expect(String((await pieces.next()).value)).toBe('second');
    expect(await pieces.next()).toEqual({ done: true, value: undefined });
    expect(network.clock.pending).toBe(0);
  });

  it('is not read faster than its reader takes it', async () => {
    let written = 0;
    const piece = Buffer.alloc(65_536);
    await using service = await startTcpService((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${32 * mebibyte}\r\n\r\n`);
        const pour = (): void => {
          while (written < 32 * mebibyte) {
            written += piece.byteLength;
            if (!socket.write(piece)) {
              socket.once('drain', pour);
              return;
            }
          }
        };
        pour();
      });
    });
    await using network = openNetwork();
    const { pieces } = await network.ask(service);
    await standsStill(() => written);
    expect(written).toBeLessThan(24 * mebibyte);
    let read = 0;
    for await (const { byteLength } of pieces) read += byteLength;
    expect(read).toBe(32 * mebibyte);
  });

  it('is over at once for a reader that cancels, also while a piece is waited for', async () => {
    await using held = await heldService();
    await using network = openNetwork();
    const asked = network.ask(held.service);
    const answer = await held.answer();
    answer.writeHead(200).flushHeaders();
    const { pieces } = await asked;
    const waiting = caught(pieces.next());
    pieces.cancel();
    expect(await waiting).toMatchObject({ code: 'aborted', sent: 'maybe' });
    await closed(answer);
    expect(network.clock.pending).toBe(0);
  });

  it('is cancelled by leaving a loop over it', async () => {
    await using held = await heldService();
    await using network = openNetwork();
    const asked = network.ask(held.service);
    const answer = await held.answer();
    answer.write('first');
    for await (const _piece of (await asked).pieces) break;
    await closed(answer);
  });

  it.each(['service', 'reader'])('ends where nothing moves for too long, whoever it is that does not: the %s', async (who) => {
    await using held = await heldService();
    await using network = openNetwork();
    const asked = network.ask(held.service, { timeouts: { bodyMs: 5_000, totalMs: 600_000 } });
    const answer = await held.answer();
    answer.writeHead(200).flushHeaders();
    const { pieces } = await asked;
    for (let index = 0; index < 3; index += 1) {
      answer.write('piece');
      expect(String((await pieces.next()).value)).toBe('piece');
      network.clock.advance(4_999);
    }
    const waiting = who === 'service' ? caught(pieces.next()) : undefined;
    network.clock.advance(1);
    expect(await (waiting ?? caught(pieces.next()))).toMatchObject({ code: 'timeout', details: { phase: 'body', afterMs: 5_000 } });
    await closed(answer);
  });

  it('ends with its time as a whole, however it moves', async () => {
    await using held = await heldService();
    await using network = openNetwork();
    const asked = network.ask(held.service, { timeouts: { bodyMs: 5_000, totalMs: 12_000 } });
    const answer = await held.answer();
    answer.write('x');
    const { pieces } = await asked;
    for (let index = 0; index < 3; index += 1) {
      await pieces.next();
      network.clock.advance(index === 2 ? 3_999 : 4_000);
      answer.write('x');
    }
    await pieces.next();
    network.clock.advance(1);
    expect(await caught(pieces.next())).toMatchObject({ code: 'timeout', details: { phase: 'total' } });
  });

  it('fails where the caller stops it, where the service breaks it off, and where it is larger than it may be', async () => {
    await using network = openNetwork();
    for (const how of ['stopped', 'broken', 'too large'] as const) {
      await using held = await heldService();
      const abort = new AbortController();
      const asked = network.ask(held.service, { signal: abort.signal, maxResponseBytes: 10 });
      const answer = await held.answer();
      answer.write('12345');
      const { pieces } = await asked;
      await pieces.next();
      const waiting = caught(pieces.next());
      if (how === 'stopped') abort.abort();
      if (how === 'broken') answer.destroy();
      if (how === 'too large') answer.write('678901');
      const code = { stopped: 'aborted', broken: 'network', 'too large': 'response_too_large' }[how];
      expect(await waiting).toMatchObject({ code, sent: 'maybe' });
      expect(await caught(pieces.next())).toMatchObject({ code });
      await closed(answer);
    }
    expect(network.clock.pending).toBe(0);
  });

  it('that announces more than it may is not begun', async () => {
    await using service = await startHttpService((_incoming, answer) => void answer.writeHead(200, { 'content-length': '11' }).end('x'));
    await using network = openNetwork();
    expect(await caught(network.ask(service, { maxResponseBytes: 10 }))).toMatchObject({ code: 'response_too_large' });
  });

  it('is over when the network is closed', async () => {
    await using held = await heldService();
    await using network = openNetwork();
    const asked = network.ask(held.service);
    (await held.answer()).write('first');
    const { pieces } = await asked;
    await pieces.next();
    const waiting = caught(pieces.next());
    await network.network.close();
    expect(await waiting).toMatchObject({ code: 'stopped' });
    expect(await caught(network.ask(held.service))).toMatchObject({ code: 'stopped', sent: 'no' });
  });
});
