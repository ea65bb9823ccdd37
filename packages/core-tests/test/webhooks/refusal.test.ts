import { createHmac, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellAnswer, type BellProcess, type BellStage, bellStage, eventsOf, ring, secret, settle } from './bell-stage.ts';

let stage: BellStage;
let process: BellProcess;

beforeEach(() => {
  stage = bellStage();
  process = stage.process({ connector: bellConnector({ accounts: true }) });
});
afterEach(() => stage.close());

describe('I13 a refusal, by which nobody learns why', () => {
  it('is the same to the last byte, whatever the reason', async () => {
    const { handle, registration } = await settle(process);
    const other = await settle(process, 'other');
    const gone = await handle.connections.put('gone', { connector: 'bell', credential: { type: 'none' } });
    const ended = await handle.webhooks.register({ connection: gone.id, secret });
    await handle.connections.disconnect(gone.id);
    const removed = await handle.webhooks.register({ connection: 'main', secret, trigger: 'rung' });
    await handle.webhooks.unregister(removed.id);
    const good = ring();
    const base = 'https://host.example.com/hub/webhooks';
    const unsigned = { ...good, headers: { 'x-bell-delivery': '1' } };
    const apps = stage.process({ connector: bellConnector({ accounts: true }), appSecrets: secret });
    const plain = stage.process({ connector: bellConnector(), appSecrets: secret });
    const answers: Record<string, BellAnswer> = {
      'an unknown registration': await process.send(`${base}/bell/${randomUUID()}`, good),
      'what is no id': await process.send(`${base}/bell/nothing`, good),
      'an id in upper case': await process.send(
        registration.url.toUpperCase().replace('HTTPS://HOST.EXAMPLE.COM/HUB/WEBHOOKS/BELL', `${base}/bell`),
        good,
      ),
      'an unknown connector': await process.send(`${base}/gong/${registration.id}`, good),
      'no signature': await process.send(registration.url, unsigned),
      'a wrong secret': await process.send(registration.url, ring({ secret: 'another-secret' })),
      'an empty secret': await process.send(registration.url, ring({ secret: '' })),
      'another body': await process.send(registration.url, { ...good, body: `${good.body} ` }),
      'a malformed signature': await process.send(registration.url, { ...good, headers: { ...good.headers, 'x-bell-signature': 'x' } }),
      'a signature that came twice': await process.send(registration.url, {
        ...good,
        headers: { ...good.headers, 'x-bell-signature': `${good.headers['x-bell-signature']}, ${good.headers['x-bell-signature']}` },
      }),
      'a connection that has ended': await process.send(ended.url, good),
      'a registration that was removed': await process.send(removed.url, good),
      'an app without a secret': await process.send(`${base}/bell`, good),
      'no signature for an app': await process.send(`${base}/bell`, unsigned),
      'no signature, at an unknown connector': await process.send(`${base}/gong`, unsigned),
      'no signature, at an unknown registration': await process.send(`${base}/bell/${randomUUID()}`, unsigned),
      'an app of an unknown connector': await process.send(`${base}/gong`, good),
      'an app, signed wrongly': await apps.send(`${base}/bell`, ring({ secret: 'another-secret' })),
      'an app of a connector that names no account': await plain.send(`${base}/bell`, good),
      'what is no JSON, unsigned': await process.send(registration.url, { ...unsigned, body: '{' }),
    };
    for (const [reason, answer] of Object.entries(answers)) expect([reason, answer]).toEqual([reason, answers['a wrong secret']]);
    expect(answers['a wrong secret']).toEqual({ status: 401, text: 'refused', headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(await eventsOf(process)).toEqual([]);
    expect(await eventsOf(process, 'other')).toEqual([]);
    expect((await process.send(registration.url, good)).status).toBe(202);
    expect((await process.send(other.registration.url, good)).status).toBe(202);
  });

  it('has a reason that the host is told, and nobody else', async () => {
    const { handle, registration } = await settle(process);
    const gone = await handle.connections.put('gone', { connector: 'bell', credential: { type: 'none' } });
    const ended = await handle.webhooks.register({ connection: gone.id, secret });
    await handle.connections.disconnect(gone.id);
    const base = 'https://host.example.com/hub/webhooks';
    const good = ring();
    const unsigned = { ...good, headers: { 'x-bell-delivery': '1' } };
    const requests: readonly [string | null, string, typeof good][] = [
      ['unknown_url', `${base}/bell/${randomUUID()}`, good],
      ['unknown_url', `${base}/gong/${registration.id}`, good],
      ['signature_missing', registration.url, unsigned],
      ['signature_wrong', registration.url, ring({ secret: 'another-secret' })],
      ['not_receiving', ended.url, good],
      ['secret_missing', `${base}/bell`, good],
      [null, registration.url, ring({ body: '{' })],
    ];
    for (const [, url, request] of requests) {
      const { text } = await process.send(url, request);
      for (const [reason] of requests) if (reason !== null) expect(text).not.toContain(reason);
    }
    expect(process.failed.map(({ reason }) => reason)).toEqual(requests.map(([reason]) => reason));
    expect(JSON.stringify(process.failed.map(({ error }) => error))).not.toMatch(/unknown_url|signature_missing|not_receiving/);
  });

  it('is given before a secret is opened or the store is asked, where no signature could be right', async () => {
    const { registration } = await settle(process);
    const asked: string[] = [];
    const { configuration } = stage.storage;
    const locateRegistration: typeof configuration.locateRegistration = (id) => {
      asked.push(id);
      return configuration.locateRegistration(id);
    };
    const counted = stage.process({ storage: { ...stage.storage, configuration: { ...configuration, locateRegistration } } });
    for (const headers of [{}, { 'x-bell-signature': 'abc' }, { 'x-bell-signature': '' }])
      expect((await counted.send(registration.url, { ...ring(), headers })).status).toBe(401);
    expect(asked).toEqual([]);
    await counted.send(registration.url, ring({ secret: 'another-secret' }));
    expect(asked).toEqual([registration.id]);
  });

  it('is counted under the connector, and told without a word of the request', async () => {
    const { registration } = await settle(process);
    await process.send(registration.url, ring({ secret: 'another-secret', body: { tone: 'private words' } }));
    await process.send('https://host.example.com/hub/webhooks/made-up/x', ring());
    expect(process.failed).toEqual([
      expect.objectContaining({
        registrationId: registration.id,
        error: { code: 'signature_refused', message: 'The request is refused.' },
      }),
      expect.objectContaining({ registrationId: 'x' }),
    ]);
    expect(JSON.stringify(process.failed)).not.toContain('private words');
    await stage.clock.advance(1_000);
    const day = { tenant: '', fromDay: '2026-01-01', toDay: '2026-01-01' };
    expect(await stage.storage.counters.read({ ...day, name: 'webhook:bell:refused' })).toBe(1);
    expect(await stage.storage.counters.read({ ...day, name: 'webhook:unknown:refused' })).toBe(1);
  });
});

describe('a request that is signed', () => {
  it('is checked over its bytes as they came, and kept where they are no JSON', async () => {
    const { registration, handle } = await settle(process);
    for (const [text, status] of [
      ['{ "tone" :\t"c" }\r\n', 202],
      ['{"tone":"\\u0063"}', 202],
      ['{"tone":"ü"}', 202],
      ['\uFEFF{"tone":"c"}', 202],
      ['tone=c', 202],
      ['', 202],
      ['[[', 202],
    ] as const) {
      const body = Buffer.from(text, 'utf8');
      const headers = { 'x-bell-delivery': randomUUID(), 'x-bell-signature': createHmac('sha256', secret).update(body).digest('hex') };
      expect([text, (await process.send(registration.url, { headers, body })).status]).toEqual([text, status]);
    }
    const latin = Buffer.from('{"tone":"ü"}', 'latin1');
    const headers = { 'x-bell-delivery': 'l', 'x-bell-signature': createHmac('sha256', secret).update(latin).digest('hex') };
    expect((await process.send(registration.url, { headers, body: latin })).status).toBe(202);
    // The same text in other bytes is another body.
    expect((await process.send(registration.url, { headers, body: Buffer.from('{"tone":"ü"}', 'utf8') })).status).toBe(401);
    expect(await eventsOf(process)).toHaveLength(3);
    const { items } = await handle.webhooks.kept.list();
    expect(items.map(({ error }) => error.code)).toEqual(Array.from({ length: 5 }, () => 'body_invalid'));
  });

  it('makes no event without a delivery id, because its repeats could not be told, and is kept', async () => {
    const { registration, handle } = await settle(process);
    const { body, headers } = ring();
    for (const id of [undefined, '', 'a b', 'x'.repeat(201)]) {
      const { 'x-bell-delivery': _id, ...rest } = headers;
      const sent = id === undefined ? rest : { ...rest, 'x-bell-delivery': id };
      expect((await process.send(registration.url, { body, headers: sent })).status).toBe(202);
    }
    expect(await eventsOf(process)).toEqual([]);
    // The body is the same, so it is one delivery.
    expect((await handle.webhooks.kept.list()).items).toMatchObject([{ deliveryId: null, error: { code: 'body_invalid' } }]);
  });

  it('answers a challenge only after the signature was checked, and makes no event of it', async () => {
    const { registration } = await settle(process);
    const body = { challenge: 'say this' };
    expect(await process.send(registration.url, ring({ body, secret: 'another-secret' }))).toMatchObject({ status: 401, text: 'refused' });
    expect(await process.send(registration.url, ring({ body }))).toMatchObject({ status: 200, text: 'say this' });
    expect(await eventsOf(process)).toEqual([]);
  });

  it('stores no prototype key of a body, keeps the body as it came, and changes no intrinsic', async () => {
    const { registration, handle } = await settle(process);
    const body =
      '{"tone":"c","__proto__":{"admin":true},"nested":[{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}]}';
    const headers = { 'x-bell-delivery': 'p', 'x-bell-signature': createHmac('sha256', secret).update(body).digest('hex') };
    expect((await process.send(registration.url, { headers, body })).status).toBe(202);
    const [event] = await eventsOf(process);
    const stored = await handle.events.get(event?.id ?? '');
    expect(JSON.stringify(stored)).not.toContain('__proto__');
    expect(stored.event).toMatchObject({ data: { tone: 'c', nested: [{ constructor: { prototype: { admin: true } } }] } });
    const record = await stage.storage.history.event('acme', event?.id ?? '');
    expect(Buffer.from(record?.original?.bytes ?? []).toString()).toBe(body);
    expect({}).not.toHaveProperty('admin');
  });
});

describe('a connector whose code is not to be relied on', () => {
  const crooked = [
    [
      'throws in toEvents',
      {
        toEvents: () => {
          throw new TypeError('private words');
        },
      },
    ],
    ['gives no list', { toEvents: () => 7 }],
    ['gives an event that is none', { toEvents: () => [null] }],
    ['gives data that JSON cannot hold', { toEvents: () => [{ trigger: 'rung', data: { tone: 'c', n: 1n } }] }],
  ] as const;

  it.each(crooked)('that %s fails by itself: the delivery is kept, and no word of it told', async (_what, webhook) => {
    const own = stage.process({ connector: bellConnector({ webhook: webhook as object }) });
    const { registration, handle } = await settle(own);
    expect((await own.send(registration.url, ring({ body: { tone: 'private words' } }))).status).toBe(202);
    expect(own.failed).toMatchObject([{ error: { code: 'internal' } }]);
    expect(JSON.stringify(own.failed)).not.toContain('private words');
    expect(await eventsOf(own)).toEqual([]);
    expect((await handle.webhooks.kept.list()).items).toMatchObject([{ error: { code: 'internal' } }]);
  });

  it.each([
    [
      'throws in its handshake',
      {
        handshake: () => {
          throw new Error('private words');
        },
      },
    ],
    [
      'answers a challenge with a header of its own',
      { handshake: () => ({ status: 200, contentType: 'a/b\r\nset-cookie: a=1', body: '' }) },
    ],
    ['answers a challenge with a status that is none', { handshake: () => ({ status: 99, contentType: 'text/plain', body: '' }) }],
  ] as const)('that %s fails by itself, and its challenge is no delivery', async (_what, webhook) => {
    const own = stage.process({ connector: bellConnector({ webhook: webhook as object }) });
    const { registration, handle } = await settle(own);
    const answer = await own.send(registration.url, ring({ body: { tone: 'private words' } }));
    expect(answer).toMatchObject({ status: 500, text: 'Something went wrong here. Not all of it was accepted.' });
    expect(own.failed).toMatchObject([{ error: { code: 'internal' } }]);
    expect(JSON.stringify(own.failed)).not.toContain('private words');
    expect((await handle.webhooks.kept.list()).items).toEqual([]);
  });

  it('may answer by promise', async () => {
    const handshake = async () => undefined;
    const own = stage.process({ connector: bellConnector({ webhook: { handshake } as object }) });
    const { registration } = await settle(own);
    expect((await own.send(registration.url, ring())).status).toBe(202);
  });

  it('that names a trigger it does not declare, or data that its schema does not take, is not believed', async () => {
    const { registration, handle } = await settle(process);
    for (const events of [
      [{ trigger: 'broken', data: {} }],
      [{ trigger: 'constructor', data: {} }],
      [{ trigger: 'rung', data: { tone: 7 } }],
    ])
      expect((await process.send(registration.url, ring({ body: { events } }))).status).toBe(202);
    expect(await eventsOf(process)).toEqual([]);
    const codes = (await handle.webhooks.kept.list()).items.map(({ error }) => error.code);
    expect(codes).toEqual(['invalid_event', 'unknown_trigger', 'unknown_trigger']);
  });
});
