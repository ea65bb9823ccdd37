import { createHmac, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bellConnector } from '../bell-connector.ts';
import { type BellStage, bellStage, eventsOf, secret, settle } from '../bell-stage.ts';

let stage: BellStage;

beforeEach(() => {
  stage = bellStage();
});
afterEach(() => stage.close());

/** What is wrong with a request, in the order in which it is looked for, and what is answered for it. */
const faults = ['route', 'size', 'content type', 'rate', 'address', 'signature', 'replay', 'parse', 'schema'] as const;
type Fault = (typeof faults)[number];

const answers: Readonly<Record<Fault, number>> = {
  route: 405,
  size: 413,
  'content type': 415,
  rate: 429,
  address: 401,
  signature: 401,
  replay: 202,
  parse: 202,
  schema: 202,
};

it('looks in turn at route, size, content type, rate, address, signature, body and schema: what is wrong first is what is answered', async () => {
  const asked: string[] = [];
  const { configuration } = stage.storage;
  const storage = {
    ...stage.storage,
    configuration: {
      ...configuration,
      locateRegistration(id: string) {
        asked.push('registration');
        return configuration.locateRegistration(id);
      },
    },
  };
  const connector = bellConnector({
    webhook: {
      toEvents({ body }) {
        asked.push('events');
        return [{ trigger: 'rung', data: body }];
      },
    },
  });
  const rates = { url: { perSecond: 1, burst: 1 } };
  const { registration } = await settle(stage.process());
  // Each with all faults from one place of the order on.
  for (const [place, fault] of faults.entries()) {
    if (fault === 'replay') continue;
    const has = (given: Fault): boolean => faults.indexOf(given) >= place;
    const process = stage.process({ connector, storage, door: { webhooks: { rates, addresses: { bell: ['192.0.2.0/24'] } } } });
    if (has('rate')) await process.send(registration.url, { headers: {}, body: '{}', from: '192.0.2.7' });
    const body = has('parse') ? '{' : '{}';
    const key = has('signature') ? 'another-secret' : secret;
    const headers: Record<string, string> = {
      'x-bell-delivery': randomUUID(),
      'x-bell-signature': createHmac('sha256', key).update(body).digest('hex'),
      'content-type': has('content type') ? 'text/plain' : 'application/json',
      ...(has('size') ? { 'content-length': '1048577' } : {}),
    };
    asked.length = 0;
    process.failed.length = 0;
    const method = has('route') ? 'PUT' : 'POST';
    const answer = await process.send(registration.url, { method, headers, body, from: has('address') ? '203.0.113.9' : '192.0.2.7' });
    expect([fault, answer.status]).toEqual([fault, answers[fault]]);
    // Neither the store nor the connector hears of what the door refuses by itself.
    const heard = { signature: ['registration'], parse: ['registration'], schema: ['registration', 'events'] };
    expect([fault, asked]).toEqual([fault, fault === 'signature' || fault === 'parse' || fault === 'schema' ? heard[fault] : []]);
    if (fault === 'address') expect(process.failed.map(({ reason }) => reason)).toEqual(['address_refused']);
    if (fault === 'parse' || fault === 'schema')
      expect(process.failed.map(({ error }) => error.code)).toEqual([fault === 'parse' ? 'body_invalid' : 'invalid_event']);
    if (fault === 'signature') expect(process.failed.map(({ reason }) => reason)).toEqual(['signature_wrong']);
  }
  expect(await eventsOf(stage.process())).toEqual([]);
});

it('looks for a repeat where it commits, after the schema, so that a repeat which is wrong is told so', async () => {
  const process = stage.process();
  const { registration } = await settle(process);
  const send = (body: string) =>
    process.send(registration.url, {
      body,
      headers: { 'x-bell-delivery': 'one', 'x-bell-signature': createHmac('sha256', secret).update(body).digest('hex') },
    });
  expect((await send('{"tone":"c"}')).status).toBe(202);
  expect((await send('{"tone":"c"}')).status).toBe(202);
  expect((await send('{}')).status).toBe(202);
  expect(process.failed.map(({ error }) => error.code)).toEqual(['invalid_event']);
  expect(process.received.map(({ duplicate }) => duplicate)).toEqual([false, true]);
  expect(await eventsOf(process)).toHaveLength(1);
});
