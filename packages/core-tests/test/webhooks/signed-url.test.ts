import { createHmac } from 'node:crypto';
import { createServer, request } from 'node:http';
import { hmacSha256, signatures } from '@patchbay/core';
import { signWebhook } from '@patchbay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellStage, bellStage, eventsOf, secret, settle } from './bell-stage.ts';

let stage: BellStage;
beforeEach(() => {
  stage = bellStage();
});
afterEach(() => stage.close());

const scheme = signatures.hmac({ header: 'x-bell-signature', signs: ['method', 'url', 'body'] });
const body = '{"tone":"c"}';

it('a scheme over the URL goes by the public address, whatever host the request names', async () => {
  const process = stage.process({ connector: bellConnector({ webhook: { scheme } }) });
  const { registration } = await settle(process);
  const signed = (url: string, method = 'POST') => ({
    'x-bell-delivery': url.slice(-8),
    'x-bell-signature': createHmac('sha256', secret).update(`${method}${url}${body}`).digest('hex'),
  });
  const inside = registration.url.replace('https://host.example.com', 'http://10.0.0.7:3000');
  const ask = async (url: string, headers: Record<string, string>) => (await process.send(url, { headers, body })).status;
  expect(await ask(inside, { host: '10.0.0.7:3000', ...signed(registration.url) })).toBe(202);
  expect(await ask(inside, signed(inside))).toBe(401);
  expect(await ask(registration.url, { host: 'evil.example', 'x-forwarded-host': 'evil.example', ...signed(registration.url) })).toBe(202);
  expect(await ask(`${registration.url}?a=1&b=%2F`, signed(`${registration.url}?a=1&b=%2F`))).toBe(202);
  expect(await ask(`${registration.url}?a=1&b=%2f`, signed(`${registration.url}?a=1&b=%2F`))).toBe(401);
  expect(await ask(`${registration.url}?a=2`, signed(registration.url))).toBe(401);
  expect(await ask(registration.url, signed(registration.url, 'PUT'))).toBe(401);
});

it('node:http hands on path and query as they came', async () => {
  const process = stage.process({ connector: bellConnector({ webhook: { scheme } }) });
  const { registration } = await settle(process);
  const server = createServer(process.hub.nodeHandler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const called = `${registration.url}?q=it's&x=%41`;
    const headers = { 'x-bell-delivery': 'd1', ...signWebhook(scheme, { secret, body, url: called }) };
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const path = called.slice('https://host.example.com'.length);
      const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => resolve(answer.resume().statusCode));
      sent.on('error', reject).end(body);
    });
    expect(status).toBe(202);
  } finally {
    server.close();
  }
});

it('the URL of the app has a scheme of its own beside that of registrations', async () => {
  const appScheme = signatures.bearerJwt();
  const connector = bellConnector({ accounts: true, webhook: { appScheme } });
  const process = stage.process({ connector, appSecrets: 'the client secret of the app' });
  const { handle, registration } = await settle(process);
  await handle.connections.put('main', { connector: 'bell', credential: { type: 'none' }, externalAccount: { id: 'T1' } });
  const app = 'https://host.example.com/hub/webhooks/bell';
  const note = '{"tone":"c","account":"T1"}';
  const timestamp = stage.clock.now() / 1_000;
  const byToken = signWebhook(appScheme, { secret: 'the client secret of the app', body: note, timestamp });
  const byHmac = signWebhook(hmacSha256({ header: 'x-bell-signature' }), { secret, body: note });
  const ask = async (url: string, id: string, headers: Record<string, string>) =>
    (await process.send(url, { headers: { 'x-bell-delivery': id, ...headers }, body: note })).status;
  expect(await ask(app, 'd1', byToken)).toBe(202);
  expect(await ask(registration.url, 'd2', byHmac)).toBe(202);
  expect(await ask(app, 'd3', byHmac)).toBe(401);
  expect(await ask(registration.url, 'd4', byToken)).toBe(401);
  await stage.clock.advance(300_000);
  expect(await ask(app, 'd5', byToken)).toBe(401);
  expect(await eventsOf(process)).toHaveLength(2);
  expect(connector.manifest.webhook).toMatchObject({ scheme: 'hmac-sha256', appScheme: 'bearer-jwt', perApp: true });
});

it('a token in the body is stored nowhere, and the connector does not see it', async () => {
  const connector = bellConnector({
    webhook: {
      scheme: signatures.bodyToken({ list: 'value', field: 'clientState' }),
      deliveryId: { bodyField: 'id' },
      toEvents: ({ body: seen }) => [{ trigger: 'rung', data: { tone: JSON.stringify(seen) } }],
    },
  });
  const process = stage.process({ connector });
  const { handle, registration } = await settle(process);
  const sent = JSON.stringify({ id: 'd1', value: [{ clientState: secret, resource: 'a' }] });
  expect((await process.send(registration.url, { headers: {}, body: sent })).status).toBe(202);
  const [event] = await eventsOf(process);
  expect(event?.data).toEqual({ tone: '{"id":"d1","value":[{"resource":"a"}]}' });
  const stored = await handle.events.get(event?.id ?? '');
  expect(Buffer.from(stored.original ?? '').toString('utf8')).toBe('{"id":"d1","value":[{"resource":"a"}]}');
});
