import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { signatures } from '@patchbay/core';
import type { ReceiverInput } from '@patchbay/core/host';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BellProcess, type BellStage, bellStage } from './bell-stage.ts';

let stage: BellStage;
let process: BellProcess;

beforeEach(() => {
  stage = bellStage();
  process = stage.process();
});
afterEach(() => stage.close());

const scheme = signatures.hmac({ header: 'x-signature' });
const grid: ReceiverInput = { scheme, secret: 'a-long-secret', format: 'cloudevents' };
const shop: ReceiverInput = { scheme, secret: 'a-long-secret', deliveryId: 'body' };
const base = 'https://host.example.com/hub/hooks';
const onlyPost = { status: 405, text: 'Only POST.', headers: { allow: 'POST', 'content-type': 'text/plain; charset=utf-8' } };

const receivers = (of = process) => of.hub.tenant('acme').receivers;
const ask = (url: string, origin = 'eventgrid.azure.net', { of = process, from }: { of?: BellProcess; from?: string } = {}) => {
  const headers = { 'webhook-request-origin': origin, 'webhook-request-rate': '120' };
  return of.send(url, { method: 'OPTIONS', headers, ...(from === undefined ? {} : { from }) });
};

it('a receiver of CloudEvents allows whoever asks to send, and says so to that one alone', async () => {
  const { url } = await receivers().put('grid', grid);
  for (const origin of ['eventgrid.azure.net', 'Eventgrid.Azure.net', 'a-b.example', `${'a'.repeat(63)}.example.com`])
    expect(await ask(url, origin)).toEqual({
      status: 200,
      text: '',
      headers: {
        allow: 'POST',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'content-type': 'text/plain; charset=utf-8',
        'webhook-allowed-origin': origin,
        'webhook-allowed-rate': '*',
        'x-content-type-options': 'nosniff',
      },
    });
  expect(process.failed).toEqual([]);
});

it('it does so over HTTP as Event Grid asks, and is not reached by another path', async () => {
  const { url } = await receivers().put('grid', grid);
  const server = createServer(process.hub.nodeHandler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const headers = { 'WebHook-Request-Origin': 'eventgrid.azure.net', 'WebHook-Request-Callback': 'https://callback.example.com/a' };
    const answer = await fetch(origin + new URL(url).pathname, { method: 'OPTIONS', headers });
    expect([answer.status, answer.headers.get('webhook-allowed-origin')]).toEqual([200, 'eventgrid.azure.net']);
    const other = await fetch(`${origin}/hub/hooks/${randomUUID()}`, { method: 'OPTIONS', headers });
    expect([other.status, other.headers.has('webhook-allowed-origin')]).toEqual([405, false]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

it('one of another format, a deleted one, an unknown one and no id at all look alike', async () => {
  const deleted = await receivers().put('gone', grid);
  await receivers().delete('gone');
  const formats = [await receivers().put('shop', shop), await receivers().put('billing', { ...grid, format: 'standard-webhooks' })];
  const listed = await receivers().put('listed', { ...grid, addresses: ['192.0.2.7'] });
  for (const { url } of [...formats, deleted, { url: `${base}/${randomUUID()}` }, { url: `${base}/grid` }, listed])
    expect([url, await ask(url)]).toEqual([url, onlyPost]);
  expect((await ask(listed.url, 'eventgrid.azure.net', { from: '192.0.2.7' })).status).toBe(200);
  expect(process.failed).toEqual([]);
});

it.each([
  '*',
  'null',
  '',
  'localhost',
  '192.0.2.7',
  'a.example, b.example',
  'https://a.example',
  'a.example:443',
  'a..example',
  '-a.example',
  'a_b.example',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(130)}example`,
])('asks of %j are answered as other requests are that are no delivery', async (origin) => {
  const { url } = await receivers().put('grid', grid);
  expect(await ask(url, origin)).toEqual(onlyPost);
});

it('a request without the question, or by another method, is none', async () => {
  const { url } = await receivers().put('grid', grid);
  expect(await process.send(url, { method: 'OPTIONS', headers: { origin: 'https://a.example' } })).toEqual(onlyPost);
  for (const method of ['GET', 'PUT'])
    expect(await process.send(url, { method, headers: { 'webhook-request-origin': 'a.example.com' } })).toEqual(onlyPost);
});

it('asking counts as what is unsigned does, whether there is a receiver or not', async () => {
  const of = stage.process({ door: { webhooks: { rates: { url: { perSecond: 1, burst: 2 } } } } });
  const { url } = await receivers(of).put('grid', grid);
  const statusesAt = async (asked: string): Promise<readonly number[]> => {
    const statuses: number[] = [];
    for (let times = 0; times < 3; times += 1) statuses.push((await ask(asked, 'a.example.com', { of })).status);
    return statuses;
  };
  expect(await statusesAt(url)).toEqual([200, 200, 429]);
  expect(await statusesAt(`${base}/${randomUUID()}`)).toEqual([405, 405, 429]);
});

it('a receiver that was put in another process is known at once, and so is its new format', async () => {
  const other = stage.process();
  const { url } = await receivers(other).put('grid', grid);
  expect((await ask(url)).status).toBe(200);
  await receivers(other).put('grid', { ...shop });
  expect(await ask(url)).toEqual(onlyPost);
});
