import { once } from 'node:events';
import { Agent, createServer, type IncomingHttpHeaders, type RequestOptions, request, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { recordingOptions } from './__fixtures__/recording-options.ts';
import { createBodyRoom } from './create-body-room.ts';
import { createNodeHandler, type NodeHandler } from './create-node-handler.ts';

const path = '/hub/webhooks/github/r1?x=1';
const servers: Server[] = [];

async function listen(handler: NodeHandler): Promise<number> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends the pieces as chunks, or all at once where a length is among the headers. */
async function send(port: number, given: RequestOptions, ...pieces: readonly (string | Buffer)[]): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, method: 'POST', path, ...given });
  for (const piece of pieces) sent.write(piece);
  sent.end();
  // What was not read when the answer came cannot be written to its end.
  sent.on('error', () => undefined);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

describe('createNodeHandler', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('answers over the bytes as they came, whatever their pieces', async () => {
    const { options, received } = recordingOptions();
    const port = await listen(createNodeHandler(options));
    const bytes = Buffer.from('{"ü": 1}');
    const answer = await send(port, { headers: { 'X-Hub-Signature-256': 'sha256=a' } }, bytes.subarray(0, 3), bytes.subarray(3));
    expect(answer).toMatchObject({ status: 202, text: '', headers: { 'content-length': '0' } });
    expect(received).toMatchObject([{ connector: 'github', text: '{"ü": 1}', headers: { 'x-hub-signature-256': 'sha256=a' } }]);
  });

  it('joins a header that came twice, so that no part of it is overlooked', async () => {
    const { options, received } = recordingOptions();
    const port = await listen(createNodeHandler(options));
    await send(port, { headers: { 'x-hub-signature-256': ['sha256=a', 'sha256=b'] } }, '{}');
    expect(received[0]?.headers).toMatchObject({ 'x-hub-signature-256': 'sha256=a, sha256=b' });
  });

  it.each(['authorization', 'content-type', 'user-agent', 'from'])('joins also %s, of which Node keeps the first', async (name) => {
    const { options, received } = recordingOptions();
    const port = await listen(createNodeHandler(options));
    await send(port, { headers: { [name]: ['application/json', 'text/plain'] } }, '{}');
    expect(received[0]?.headers).toMatchObject({ [name]: 'application/json, text/plain' });
  });

  it('keeps what the host made of the headers, also where one came twice', async () => {
    const { options, received } = recordingOptions();
    const handler = createNodeHandler(options);
    const port = await listen((incoming, response) => {
      Reflect.deleteProperty(incoming.headers, 'x-internal');
      incoming.headers.authorization = 'Bearer of-the-host';
      handler(incoming, response);
    });
    await send(port, { headers: { Authorization: ['a', 'b'], 'x-internal': 'yes' } }, '{}');
    expect(received[0]?.headers).toMatchObject({ authorization: 'Bearer of-the-host' });
    expect(received[0]?.headers).not.toHaveProperty('x-internal');
  });

  it('answers 404 for other paths, or leaves them to the next handler', async () => {
    const handler = createNodeHandler(recordingOptions().options);
    const alone = await listen(handler);
    const before = await listen((incoming, response) => handler(incoming, response, () => response.writeHead(200).end('host')));
    expect(await send(alone, { path: '/orders' }, '{}')).toMatchObject({ status: 404, text: 'Not found.' });
    // Without a mount, what stands where the hub's routes would be below it is the host's own.
    for (const path of ['/orders', '/webhooks/stripe', '/webhooks/stripe/live'])
      expect(await send(before, { path }, '{}')).toMatchObject({ status: 200, text: 'host' });
  });

  it('finds its path by what a mount has left of it, or by what it was', async () => {
    const { options, received } = recordingOptions();
    const handler = createNodeHandler(options);
    const mounted = (url: string, originalUrl: string): NodeHandler => {
      return (incoming, response) => handler(Object.assign(incoming, { url, originalUrl }), response);
    };
    for (const [url, originalUrl] of [
      ['/webhooks/slack?x=1', '/hub/webhooks/slack?x=1'],
      ['/slack', '/hub/webhooks/slack'],
      ['/webhooks/slack', '/behind/a/proxy/webhooks/slack'],
    ] as const)
      expect((await send(await listen(mounted(url, originalUrl)), {}, '{}')).status).toBe(202);
    expect(received).toHaveLength(3);
  });

  it('keeps the limit, and the sender sees why', async () => {
    const { options, received } = recordingOptions();
    const port = await listen(createNodeHandler(options));
    expect((await send(port, {}, Buffer.alloc(600), Buffer.alloc(400))).status).toBe(202);
    const declared = await send(port, { headers: { 'content-length': 5_000_000 } }, Buffer.alloc(5_000_000));
    const chunked = await send(port, {}, Buffer.alloc(1_001), Buffer.alloc(1_000_000));
    for (const answer of [declared, chunked])
      expect(answer).toMatchObject({ status: 413, text: 'The body is too large.', headers: { connection: 'close' } });
    expect(received).toHaveLength(1);
  });

  it('leaves the request to the host as it was, also where the limit was passed', async () => {
    const handler = createNodeHandler(recordingOptions().options);
    const seen: boolean[] = [];
    const port = await listen((incoming, response) => {
      const { socket } = incoming;
      response.once('finish', () => seen.push(incoming.socket === socket));
      handler(incoming, response);
    });
    await send(port, {}, Buffer.alloc(1_001), Buffer.alloc(1_000));
    expect(seen).toEqual([true]);
  });

  it('keeps the connection where nothing was left unread', async () => {
    const port = await listen(createNodeHandler(recordingOptions().options));
    const agent = new Agent({ keepAlive: true });
    const get = await send(port, { method: 'PUT', agent });
    const refused = await send(port, { path: '/hub/webhooks/', method: 'GET', agent });
    expect([get.status, get.headers.connection]).toEqual([405, 'keep-alive']);
    expect([refused.status, refused.headers.connection]).toEqual([404, 'keep-alive']);
    agent.destroy();
  });

  it.each([
    ['bytes of rawBody', { rawBody: Buffer.from('{"raw": 1}') }],
    ['text of rawBody', { rawBody: '{"raw": 1}' }],
    ['bytes that a parser made of the body', { body: Buffer.from('{"raw": 1}') }],
  ])('takes the %s where the body has been read', async (_what, kept) => {
    const { options, received } = recordingOptions();
    const handler = createNodeHandler(options);
    const port = await listen((incoming, response) => {
      incoming.resume().once('end', () => handler(Object.assign(incoming, kept), response));
    });
    expect((await send(port, {}, '{"a":1}')).status).toBe(202);
    expect(received).toMatchObject([{ text: '{"raw": 1}' }]);
  });

  it('says so where the body has been read and not kept', async () => {
    const { options, received } = recordingOptions();
    const handler = createNodeHandler(options);
    const port = await listen((incoming, response) => {
      incoming.resume().once('end', () => handler(Object.assign(incoming, { body: { parsed: true } }), response));
    });
    const answer = await send(port, {}, '{"a":1}');
    expect(answer).toMatchObject({ status: 500, text: expect.stringContaining('Mount the hub before body parsers') });
    expect(received).toEqual([]);
  });

  it('keeps the limit for bytes that somebody else has read', async () => {
    const handler = createNodeHandler(recordingOptions().options);
    const port = await listen((incoming, response) => handler(Object.assign(incoming, { rawBody: Buffer.alloc(1_001) }), response));
    expect((await send(port, {}, '{}')).status).toBe(413);
  });

  it('answers 408 to who does not send his body to its end, and ends the connection', async () => {
    const { options, received, clock, errors } = recordingOptions();
    const port = await listen(createNodeHandler(options));
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /hub/webhooks/github/r1 HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{"a":');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await vi.waitUntil(() => clock.pending === 1);
    clock.advance(10_000);
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 408 .*\r\nconnection: close\r\n.*\r\n\r\nThe body did not come in time\.$/is);
    expect([received, errors]).toEqual([[], []]);
  });

  it('gives up the body that has been coming in longest where there is no room for the next', async () => {
    const { options, received, clock } = recordingOptions();
    const bodies = createBodyRoom({ clock, maximumBodyBytes: 1_000, roomBytes: 1_500 });
    let came = 0;
    const enter = () => {
      const place = bodies.enter();
      const take = (bytes: number): void => {
        came += bytes;
        place.take(bytes);
      };
      return { ...place, take };
    };
    const port = await listen(createNodeHandler({ ...options, bodies: { ...bodies, enter } }));
    const slow = request({ host: '127.0.0.1', port, method: 'POST', path });
    slow.on('error', () => undefined);
    slow.write(Buffer.alloc(700));
    const given = once(slow, 'response');
    await vi.waitUntil(() => came === 700);
    expect((await send(port, {}, Buffer.alloc(900))).status).toBe(202);
    const [response] = await given;
    expect([response.statusCode, response.headers['retry-after'], response.headers.connection]).toEqual([503, '1', 'close']);
    expect(received).toHaveLength(1);
  });

  it('answers a refusal alike, whether the body was read before it or not', async () => {
    const refusal = () => new PatchbayError({ code: 'signature_refused', message: 'Refused.' });
    const early = recordingOptions({ receive: () => Promise.reject(refusal()) }).options;
    const late = recordingOptions({ answer: () => Promise.reject(refusal()) }).options;
    const answers = await Promise.all(
      [early, late].map(async (options) => {
        const port = await listen(createNodeHandler(options));
        const socket = connect(port, '127.0.0.1');
        socket.write('POST /hub/webhooks/github/r1 HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}');
        let text = '';
        for await (const chunk of socket) text += chunk;
        return text.replace(/^date: .*$/im, '');
      }),
    );
    expect(answers[0]).toContain('401 Unauthorized');
    expect(answers[0]).toBe(answers[1]);
  });

  it('says so where somebody has set an encoding, which loses the bytes', async () => {
    const handler = createNodeHandler(recordingOptions().options);
    const port = await listen((incoming, response) => handler(incoming.setEncoding('utf8'), response));
    expect(await send(port, {}, '{"a":1}')).toMatchObject({ status: 500, text: expect.stringContaining('was read before') });
  });

  it('neither accepts nor logs a body whose sender goes away', async () => {
    const { options, received, errors } = recordingOptions();
    const handler = createNodeHandler(options);
    const answered = Promise.withResolvers<void>();
    const port = await listen((incoming, response) => {
      const end = () => {
        answered.resolve();
        return response;
      };
      handler(incoming, Object.assign(response, { end }));
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /hub/webhooks/github/r1 HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{"a":', () => socket.resetAndDestroy());
    socket.on('error', () => undefined);
    await answered.promise;
    expect([received, errors]).toEqual([[], []]);
  });

  it('ends the connection, and no more, where the response was begun by somebody else or the log throws', async () => {
    const throwing = recordingOptions({ answer: () => Promise.reject(new Error('x')) }).options;
    const logger = {
      ...throwing.logger,
      error() {
        throw new Error('the log is full');
      },
    };
    const handlers = [createNodeHandler({ ...throwing, logger }), createNodeHandler(recordingOptions().options)];
    const ports = await Promise.all(
      handlers.map((handler, index) =>
        listen((incoming, response) => {
          if (index === 1) response.writeHead(200).write('host');
          handler(incoming, response);
        }),
      ),
    );
    for (const port of ports) await expect(send(port, {}, '{}')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
