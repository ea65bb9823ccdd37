import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { timestampedHmacSha256 } from '@patchbay/core';
import { signWebhook } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, secret, settle } from './bell-stage.ts';

const base = 'https://host.example.com/hub/webhooks';
const timed = timestampedHmacSha256({ header: 'x-bell-signature', timestampHeader: 'x-bell-time', version: 'v0' });

let stage: BellStage;
let process: BellProcess;
let server: Server;

beforeEach(async () => {
  stage = bellStage();
  process = stage.process({ connector: bellConnector({ accounts: true }) });
  server = createServer(process.hub.nodeHandler).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await stage.close();
});

/** Sends headers with a body of which nobody knows whether it will be read. */
async function sendUnread(own: BellProcess, url: string, headers: Readonly<Record<string, string>>) {
  let isRead = false;
  const pull = (controller: ReadableStreamDefaultController): void => {
    isRead = true;
    controller.enqueue(Buffer.from('{}'));
    controller.close();
  };
  const body = new ReadableStream({ pull }, { highWaterMark: 0 });
  const response = await own.hub.handler(new Request(url, { method: 'POST', headers: { ...headers }, body, duplex: 'half' }));
  return { isRead, status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers) };
}

/** What a sender of these bytes sees, until the connection ends. */
async function sendRaw(text: string): Promise<string> {
  const address = server.address();
  const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(text);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer.replace(/^date: .*\r\n/im, '');
}

describe('a body', () => {
  it('is not read where path and headers are enough to refuse, and the refusal is the same to the last byte', async () => {
    const { registration } = await settle(process);
    const { headers } = ring();
    const { 'x-bell-signature': signature = '', ...unsigned } = headers;
    const inTime = stage.process({ connector: bellConnector({ webhook: { scheme: timed } }), appSecrets: secret });
    const other = await settle(inTime, 'other');
    const early = signWebhook(timed, { secret, body: '{}', timestamp: stage.clock.now() / 1_000 - 301 });
    const requests: readonly [string, BellProcess, string, Readonly<Record<string, string>>][] = [
      ['an unknown connector', process, `${base}/gong`, headers],
      ['an unknown connector, with an id', process, `${base}/gong/${registration.id}`, headers],
      ['what is no id', process, `${base}/bell/nothing`, headers],
      ['no signature', process, registration.url, unsigned],
      ['an empty signature', process, registration.url, { ...unsigned, 'x-bell-signature': '' }],
      ['a malformed signature', process, registration.url, { ...unsigned, 'x-bell-signature': signature.slice(1) }],
      ['a signature that came twice', process, registration.url, { ...unsigned, 'x-bell-signature': `${signature}, ${signature}` }],
      ['a time that is past', inTime, other.registration.url, { ...unsigned, ...early }],
      ['a time that is none', inTime, other.registration.url, { ...unsigned, ...early, 'x-bell-time': 'now' }],
      ['an app without a secret', process, `${base}/bell`, headers],
      ['an app of a connector that names no account', inTime, `${base}/bell`, { ...unsigned, ...early }],
    ];
    const refusal = { status: 401, text: 'refused', headers: { 'content-type': 'text/plain; charset=utf-8' } };
    for (const [what, own, url, sent] of requests)
      expect([what, await sendUnread(own, url, sent)]).toEqual([what, { isRead: false, ...refusal }]);
    // What only a secret or the store can tell is told after the body, and in the same way.
    for (const url of [registration.url, `${base}/bell/${randomUUID()}`])
      expect(await sendUnread(process, url, headers)).toEqual({ isRead: true, ...refusal });
  });

  it('is not waited for over a socket either, and nobody sees whether it was', async () => {
    const { registration } = await settle(process);
    const { headers } = ring();
    const signed = `x-bell-signature: ${headers['x-bell-signature']}\r\n`;
    const head = (path: string, lines: string, length: number) =>
      `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n${lines}\r\n`;
    const path = new URL(registration.url).pathname;
    const unsent = await Promise.all(
      Array.from({ length: 50 }, (_, number) => sendRaw(head(number % 2 ? '/hub/webhooks/no-such' : path, '', 1_048_576))),
    );
    const sent = await Promise.all([
      sendRaw(`${head(path, signed, 2)}{}`),
      sendRaw(`${head(`/hub/webhooks/bell/${randomUUID()}`, signed, 2)}{}`),
      sendRaw(`${head('/hub/webhooks/bell', signed, 2)}{}`),
      sendRaw(head(path, '', 0)),
    ]);
    expect(new Set([...unsent, ...sent]).size).toBe(1);
    expect(sent[0]).toMatch(/^HTTP\/1\.1 401 [\s\S]*\r\n\r\nrefused$/);
  });

  it('is refused by its length before it is read, at every URL of the hub alike', async () => {
    const { registration } = await settle(process);
    const lines = { ...ring().headers, 'content-length': '1048577' };
    for (const url of [registration.url, `${base}/gong`, `${base}/bell/${randomUUID()}`])
      expect(await sendUnread(process, url, lines)).toMatchObject({ isRead: false, status: 413, text: 'The body is too large.' });
  });

  it('that does not come to its end is answered 408 after 10 seconds, told to the host and forgotten', async () => {
    const { registration } = await settle(process);
    const { headers } = ring();
    const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{')) });
    const answer = process.hub.handler(new Request(registration.url, { method: 'POST', headers: { ...headers }, body, duplex: 'half' }));
    await stage.clock.advance(10_000);
    const response = await answer;
    expect([response.status, await response.text()]).toEqual([408, 'The body did not come in time.']);
    expect(process.failed).toMatchObject([{ registrationId: registration.id, error: { code: 'body_invalid' }, reason: null }]);
    expect(await eventsOf(process)).toEqual([]);
    expect((await process.send(registration.url, ring())).status).toBe(202);
  });
});
