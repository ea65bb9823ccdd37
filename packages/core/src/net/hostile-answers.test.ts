import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { type LoopbackService, startTcpService } from './__fixtures__/loopback-service.ts';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { createNetwork, type Network } from './create-network.ts';
import type { NetworkRequest } from './network-request.ts';

/** For sockets of this machine, which may be busy with other tests. */
const patience = { timeout: 20_000 };
const mebibyte = 1_048_576;
/** Bytes of a body that are read. */
const limit = 65_536;
/** What a service can get rid of before it notices: the meter's allowance, and the buffers of two sockets of this machine. */
const mostTaken = 16 * mebibyte;

const opened: Network[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((network) => network.close()));
});

/** A network whose clock stands still: nothing in it ends by time unless a test says so. */
function openNetwork() {
  const clock = createManualClock();
  const network = createNetwork({ clock, loopbackOnly: true });
  opened.push(network);
  const ask = async (service: LoopbackService, changes: Partial<NetworkRequest> = {}): Promise<unknown> => {
    const request = { origin: service.origin, path: '/', method: 'POST', headers: [], body: '{}', maxResponseBytes: limit, ...changes };
    try {
      const { status, body, truncated } = await network.request(request);
      return [status, body.byteLength, truncated ? 'cut' : 'whole'];
    } catch (error) {
      return isPatchbayError(error) ? [error.code, error.sent] : error;
    }
  };
  return { clock, network, ask };
}

/** Writes pieces for as long as the other side takes them, and 64 MiB at most. */
async function pour(socket: Socket, head: string, piece: Uint8Array): Promise<void> {
  let mayWrite = socket.write(head);
  while (!socket.destroyed && socket.bytesWritten < 64 * mebibyte) {
    if (mayWrite) mayWrite = socket.write(piece);
    else mayWrite = await new Promise((resolve) => socket.once('drain', () => resolve(true)).once('close', () => resolve(false)));
  }
  socket.destroy();
}

/** A service that answers the first request with a head and then the piece without end. */
const endless = (head: string, piece: string) =>
  startTcpService((socket) => void socket.once('data', () => void pour(socket.setMaxListeners(0), head, Buffer.from(piece))));

const connectionClosed = async ({ sockets: [socket] }: LoopbackService): Promise<void> => {
  if (socket !== undefined && !socket.closed) await new Promise((resolve) => socket.resume().once('close', resolve));
};

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;
const much = 'x'.repeat(65_536);
const manyLines = 'x: y\r\n'.repeat(10_000);
const tooLarge = ['response_too_large', 'maybe'];

describe('an answer without an end', () => {
  it.each<[string, string, string, unknown]>([
    ['a body that is announced', `${ok}content-length: 10737418240\r\n\r\n`, much, [200, limit, 'cut']],
    ['a body in chunks', chunked, `10000\r\n${much}\r\n`, [200, limit, 'cut']],
    ['a body in chunks of one byte', chunked, '1\r\nx\r\n'.repeat(10_000), [200, limit, 'cut']],
    ['a body until the connection ends', `${ok}\r\n`, much, [200, limit, 'cut']],
    ['more after the body', `${ok}content-length: 2\r\n\r\nok`, much, [200, 2, 'whole']],
    ['a body of an answer that has none', 'HTTP/1.1 204 No Content\r\n\r\n', much, [204, 0, 'whole']],
    ['one header', `${ok}x: `, much, tooLarge],
    ['headers', ok, manyLines, tooLarge],
    ['the name of a header', ok, much, tooLarge],
    ['cookies', ok, `set-cookie: a=${'b'.repeat(4_000)}\r\n`.repeat(20), tooLarge],
    ['trailers', `${chunked}1\r\nx\r\n0\r\n`, manyLines, tooLarge],
    ['one trailer', `${chunked}1\r\nx\r\n0\r\nx: `, much, tooLarge],
    ['interim answers', '', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1_000), tooLarge],
    ['interim answers with headers', '', `HTTP/1.1 103 Early Hints\r\nlink: ${'y'.repeat(10_000)}\r\n\r\n`, tooLarge],
    ['its reason', 'HTTP/1.1 200 ', much, tooLarge],
    ['blank lines before it', '', '\r\n'.repeat(30_000), tooLarge],
    ['the extension of a chunk', `${chunked}5;`, much, tooLarge],
    ['extensions of chunks of one byte', chunked, `1;${'x'.repeat(60_000)}\r\nx\r\n`, tooLarge],
    ['the size of a chunk', chunked, '0'.repeat(65_536), tooLarge],
    ['another protocol', '', much, ['response_invalid', 'maybe']],
    [
      'an answer to an upgrade',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      much,
      ['network', 'maybe'],
    ],
  ])('costs a bounded number of bytes: %s', async (_name, head, piece, expected) => {
    await using service = await endless(head, piece);
    const { ask, clock } = openNetwork();
    expect(await ask(service, { overflow: 'truncate' })).toEqual(expected);
    await connectionClosed(service);
    expect(service.sockets[0]?.bytesWritten).toBeLessThan(mostTaken);
    expect(clock.pending).toBe(0);
  });

  it('is not waited for behind more than sixteen interim ones', async () => {
    for (const [interim, expected] of [
      [16, [200, 0, 'whole']],
      [17, tooLarge],
    ] as const) {
      const text = `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(interim)}${ok}content-length: 0\r\n\r\n`;
      await using service = await startTcpService((socket) => void socket.once('data', () => socket.write(text)));
      expect(await openNetwork().ask(service)).toEqual(expected);
    }
  });

  it('is counted by itself: a connection that is kept may carry any number of answers', async () => {
    const head = `${ok}x: ${'y'.repeat(30_000)}\r\ncontent-length: 4\r\n\r\nbody`;
    await using service = await startTcpService((socket) => void socket.on('data', () => socket.write(head)));
    const { ask } = openNetwork();
    for (let index = 0; index < 150; index += 1) expect(await ask(service)).toEqual([200, 4, 'whole']);
    expect(Math.max(...service.sockets.map(({ bytesWritten }) => bytesWritten))).toBeGreaterThan(1.5 * mebibyte);
  });

  it('is an error where a longer body is refused, before its first byte where it is announced', async () => {
    for (const head of [`${ok}content-length: 10737418240\r\n\r\n`, chunked, `${ok}\r\n`]) {
      await using service = await endless(head, `10000\r\n${much}\r\n`);
      expect(await openNetwork().ask(service)).toEqual(tooLarge);
      await connectionClosed(service);
      expect(service.sockets[0]?.bytesWritten).toBeLessThan(mostTaken);
    }
    await using silent = await startTcpService(
      (socket) => void socket.once('data', () => socket.end(`${ok}content-length: 10737418240\r\n\r\n`)),
    );
    expect(await openNetwork().ask(silent)).toEqual(tooLarge);
  });

  it('does not fill the memory, from a hundred services at once', async () => {
    await using service = await endless(chunked, `1;x\r\nx\r\n`.repeat(8_000));
    const held = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external;
    const before = held();
    let most = 0;
    const { ask } = openNetwork();
    const answers = Array.from({ length: 100 }, async () => {
      const answer = await ask(service, { overflow: 'truncate' });
      most = Math.max(most, held() - before);
      return answer;
    });
    expect(new Set((await Promise.all(answers)).map(String))).toEqual(new Set([`200,${limit},cut`]));
    console.log(`| memory at most, of 100 answers of 64 KiB that have no end | ${(most / mebibyte).toFixed(0)} MiB |`);
    expect(most).toBeLessThan(96 * mebibyte);
  });
});

describe('an answer that goes on slowly', () => {
  const timeouts = { connectMs: 1_000, headersMs: 2_000, bodyMs: 3_000, totalMs: 60_000 };

  it.each<[string, string, number, unknown]>([
    ['in its headers', `${ok}x: `, 2_000, ['timeout', 'maybe']],
    ['in its reason', 'HTTP/1.1 200 ', 2_000, ['timeout', 'maybe']],
    ['in an extension of a chunk', `${chunked}5;`, 5_000, ['timeout', 'maybe']],
    ['in the size of a chunk', chunked, 5_000, ['timeout', 'maybe']],
    ['in its body', `${ok}\r\n`, 61_000, ['timeout', 'maybe']],
  ])('ends by time though every byte comes soon after the last: %s', async (_name, head, afterMs, expected) => {
    await using service = await startTcpService((socket) => void socket.once('data', () => socket.write(head)));
    const { ask, clock } = openNetwork();
    let answer: unknown;
    void ask(service, { timeouts }).then((value) => {
      answer = value;
    });
    await vi.waitFor(() => expect(service.sockets[0]?.bytesWritten).toBe(head.length), patience);
    for (let second = 0; second * 1_000 < afterMs && answer === undefined; second += 1) {
      service.sockets[0]?.write('0');
      for (let index = 0; index < 20; index += 1) await turn();
      clock.advance(1_000);
    }
    for (let index = 0; index < 20; index += 1) await turn();
    expect(answer).toEqual(expected);
    await connectionClosed(service);
  });
});

describe('an answer that lies', () => {
  const bomb = gzipSync(Buffer.alloc(8 * mebibyte));

  it('is never decompressed, however often it says it is', async () => {
    const times = Array.from({ length: 1_000 }, () => 'gzip').join(', ');
    await using service = await startTcpService(
      (socket) =>
        void socket.once('data', () => {
          socket.write(`${ok}content-encoding: ${times}\r\ncontent-length: ${bomb.length}\r\n\r\n`);
          socket.write(bomb);
        }),
    );
    expect(await openNetwork().ask(service)).toEqual([200, bomb.length, 'whole']);
  });

  it.each([
    ['a chunk of a size below nothing', `${chunked}-1\r\nx\r\n`],
    ['a chunk of a size beyond every number', `${chunked}FFFFFFFFFFFFFFFFFF\r\nx\r\n`],
    ['a size that is none', `${chunked}0x5\r\nhello\r\n0\r\n\r\n`],
    ['a chunk without its line end', `${chunked}5\r\nhelloX0\r\n\r\n`],
    ['two lengths', `${ok}content-length: 2\r\ncontent-length: 3\r\n\r\nok!`],
    ['a length and chunks', `${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`],
    ['a length that is none', `${ok}content-length: +2\r\n\r\nok`],
    ['a NUL in a header', `${ok}x: a\0b\r\ncontent-length: 2\r\n\r\nok`],
    ['a bare CR in a header', `${ok}x: a\rb: c\r\ncontent-length: 2\r\n\r\nok`],
    ['a blank before a colon', `${ok}content-length : 2\r\n\r\nok`],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['a version that is none', 'HTTP/9.9 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['HTTP 0.9', '<html>hello</html>'],
    ['a greeting of a mail server', '220 mail ESMTP\r\n'],
    ['frames of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('is refused, and its connection closed: %s', async (_name, text) => {
    await using service = await startTcpService((socket) => void socket.once('data', () => socket.write(text)));
    const { ask, clock } = openNetwork();
    expect(await ask(service)).toEqual(['response_invalid', 'maybe']);
    await connectionClosed(service);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['the connection is reset at once', (socket) => void socket.resetAndDestroy()],
    ['the connection is reset after the request', (socket) => void socket.once('data', () => socket.resetAndDestroy())],
    [
      'the connection is reset in the body',
      (socket) => void socket.once('data', () => socket.write(`${ok}content-length: 9\r\n\r\nhalf`, () => socket.resetAndDestroy())),
    ],
    ['the body ends early', (socket) => void socket.once('data', () => socket.end(`${ok}content-length: 9\r\n\r\nhalf`))],
    ['a chunk ends early', (socket) => void socket.once('data', () => socket.end(`${chunked}9\r\nhalf`))],
  ])('is no success where %s', async (_name, handle) => {
    await using service = await startTcpService(handle);
    expect(await openNetwork().ask(service)).toEqual([
      expect.stringMatching(/^(network|response_invalid)$/),
      expect.stringMatching(/^(no|maybe)$/),
    ]);
  });

  it('sets no cookie for the next request', async () => {
    const requests: string[] = [];
    await using service = await startTcpService((socket) => {
      socket.on('data', (bytes: Buffer) => {
        requests.push(String(bytes));
        socket.write(`${ok}set-cookie: session=1; path=/\r\nset-cookie: other=2\r\ncontent-length: 0\r\n\r\n`);
      });
    });
    const { ask } = openNetwork();
    for (let index = 0; index < 3; index += 1) expect(await ask(service)).toEqual([200, 0, 'whole']);
    expect(requests).toHaveLength(3);
    expect(requests.join('\n')).not.toMatch(/cookie/i);
  });

  it.each([
    'refresh: 0; url=http://127.0.0.2/',
    'location: http://127.0.0.2/',
    'alt-svc: h2="127.0.0.2:80"; ma=9',
    'link: <http://127.0.0.2/>; rel=preload',
    'content-location: http://127.0.0.2/',
  ])('leads nowhere: %s', async (header) => {
    const connects: unknown[] = [];
    await using service = await startTcpService(
      (socket) => void socket.on('data', () => socket.write(`${ok}${header}\r\ncontent-length: 0\r\n\r\n`)),
    );
    const { ask, network } = openNetwork();
    for (let index = 0; index < 2; index += 1) expect(await ask(service)).toEqual([200, 0, 'whole']);
    connects.push(...service.sockets.map(({ localAddress }) => localAddress));
    expect(new Set(connects)).toEqual(new Set(['127.0.0.1']));
    await network.close();
  });
});

describe('an answer that nobody asked for', () => {
  it('that comes before the request is not taken for its answer on a connection that was kept', async () => {
    await using service = await startTcpService((socket) => {
      let asked = 0;
      socket.on('data', () => {
        asked += 1;
        const answer = (status: number): string => `HTTP/1.1 ${status} X\r\ncontent-length: 0\r\n\r\n`;
        // Two answers to the first request; the second of them lies ready for the next.
        socket.write(asked === 1 ? answer(200) + answer(299) : answer(201));
      });
    });
    const { ask } = openNetwork();
    expect(await ask(service)).toEqual([200, 0, 'whole']);
    for (let index = 0; index < 5; index += 1) await turn();
    expect(await ask(service)).toEqual([200, 0, 'whole']);
    expect(service.sockets).toHaveLength(2);
  });
});
