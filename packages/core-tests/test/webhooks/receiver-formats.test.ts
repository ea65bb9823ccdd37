import { createHmac } from 'node:crypto';
import { signatures } from '@patchbay/core';
import type { ReceiverInput } from '@patchbay/core/host';
import { CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BellProcess, type BellStage, bellStage, eventsOf } from './bell-stage.ts';

let stage: BellStage;
let process: BellProcess;

beforeEach(() => {
  stage = bellStage();
  process = stage.process();
});
afterEach(() => stage.close());

const secret = 'a-long-secret';
const scheme = signatures.hmac({ header: 'x-signature' });
const cloudEvents: ReceiverInput = { scheme, secret, format: 'cloudevents' };

const receivers = () => process.hub.tenant('acme').receivers;
const kept = async () => (await process.hub.tenant('acme').webhooks.kept.list()).items;

interface Message {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** A message of the SDK as a sender would sign and send it. */
function send(url: string, { headers, body: given }: Message) {
  const body = typeof given === 'string' || given instanceof Uint8Array ? given : given === undefined ? '' : JSON.stringify(given);
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return process.send(url, { headers: { ...plain, 'x-signature': signature }, body });
}

const placed = {
  id: 'A-1',
  source: '/shops/7',
  type: 'com.example.order.placed',
  subject: 'orders/7',
  time: '2026-01-02T03:04:05.000Z',
  partner: 'acme-shop',
  data: { number: 7 },
};

describe('a CloudEvent', () => {
  it.each(['binary', 'structured'] as const)('is taken in as it is in %s mode, with its attributes', async (mode) => {
    const { url } = await receivers().put('shop', cloudEvents);
    for (let times = 0; times < 2; times += 1) expect((await send(url, HTTP[mode](new CloudEvent(placed)))).status).toBe(202);
    const [event, ...more] = await eventsOf(process);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ type: 'hook.shop.com.example.order.placed', subject: 'orders/7', time: '2026-01-02T03:04:05.000Z' });
    expect(event?.data).toMatchObject({ specversion: '1.0', ...placed });
  });

  it('is known by its source and id together, in whichever mode it comes', async () => {
    const { url } = await receivers().put('shop', cloudEvents);
    const others = [
      placed,
      { ...placed, source: '/shops/8' },
      { ...placed, id: 'A-2' },
      { ...placed, id: 'ü 2' },
      { ...placed, data: { number: 8 } },
    ];
    for (const other of others) {
      await send(url, HTTP.binary(new CloudEvent(other)));
      await send(url, HTTP.structured(new CloudEvent(other)));
    }
    // The last says something else under the id of the first, and is its repeat.
    expect(await eventsOf(process)).toHaveLength(4);
  });

  it('has the headers of binary mode decoded, whatever its data is', async () => {
    const { url } = await receivers().put('shop', cloudEvents);
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/s',
      'ce-type': 't',
      'ce-subject': 'Euro%20%E2%82%AC%20%F0%9F%98%80',
      'ce-note': '"quoted"',
    };
    await send(url, { headers: { ...headers, 'content-type': 'text/plain' }, body: 'words' });
    await send(url, { headers: { ...headers, 'ce-id': '2', 'content-type': 'application/octet-stream' }, body: Uint8Array.of(0, 255) });
    await send(url, { headers: { ...headers, 'ce-id': '3', 'content-type': 'application/vnd.x+json; charset=utf-8' }, body: '{"n":1}' });
    await send(url, { headers: { ...headers, 'ce-id': '4' }, body: '' });
    const events = (await eventsOf(process))
      .map(({ data }) => data as Record<string, unknown>)
      .sort((one, other) => (String(one['id']) < String(other['id']) ? -1 : 1));
    expect(events).toMatchObject([
      { subject: 'Euro € 😀', note: 'quoted', datacontenttype: 'text/plain', data: 'words' },
      { data_base64: 'AP8=' },
      { data: { n: 1 } },
      { id: '4' },
    ]);
    expect(events[3]).not.toHaveProperty('data');
  });

  it('comes in batches, each event by its own id, and what is at fault keeps none of the others out', async () => {
    const { url } = await receivers().put('shop', cloudEvents);
    const batch = Array.from({ length: 100 }, (_, number) => new CloudEvent({ ...placed, id: `A-${number}`, data: { number } }).toJSON());
    const headers = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' };
    expect((await send(url, { headers, body: batch })).status).toBe(202);
    expect((await send(url, { headers, body: batch.slice(50) })).status).toBe(202);
    expect((await send(url, { headers, body: [] })).status).toBe(202);
    const page = await stage.storage.history.events('acme', {}, { cursor: null, limit: 500 });
    expect(page.items).toHaveLength(100);
    // Each with its own bytes, and not with those of all.
    expect(page.items.every(({ original, data }) => original === null && data.bytes.byteLength < 1_000)).toBe(true);
    const long = [
      { ...batch[0], id: 'long', type: 'x'.repeat(300) },
      { ...batch[0], id: 'B-1' },
    ];
    expect((await send(url, { headers, body: long })).status).toBe(202);
    expect(await kept()).toMatchObject([{ error: { code: 'invalid_event' } }]);
    expect((await send(url, { headers, body: Array.from({ length: 1_001 }, () => batch[0]) })).status).toBe(202);
    expect((await kept())[0]?.error.message).toContain('has 1001 events');
  });

  const good = { specversion: '1.0', id: '1', source: '/s', type: 't' };
  const faults: readonly (readonly [string, Message])[] = [
    ['another version', { headers: {}, body: { ...good, specversion: '0.3' } }],
    ['no id', { headers: {}, body: { ...good, id: '' } }],
    ['an id that is no text', { headers: {}, body: { ...good, id: 7 } }],
    ['no source', { headers: {}, body: { ...good, source: undefined } }],
    ['no type', { headers: {}, body: { ...good, type: null } }],
    ['an empty subject', { headers: {}, body: { ...good, subject: '' } }],
    ['a time that is none', { headers: {}, body: { ...good, time: 'yesterday' } }],
    ['an attribute that cannot be', { headers: {}, body: { ...good, 'not-a-name': 1 } }],
    ['data in two forms', { headers: {}, body: { ...good, data: 1, data_base64: 'AA==' } }],
    ['a list', { headers: {}, body: [good] }],
    ['another format', { headers: { 'content-type': 'application/cloudevents+xml' }, body: '<event/>' }],
    ['no batch', { headers: { 'content-type': 'application/cloudevents-batch+json' }, body: good }],
    ['neither content type nor headers', { headers: { 'content-type': 'application/json' }, body: good }],
    [
      'a header that is not encoded',
      {
        headers: { 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': '%zz', 'ce-source': '/s', 'ce-type': 't' },
        body: {},
      },
    ],
    [
      'its data in a header',
      {
        headers: {
          'content-type': 'application/json',
          'ce-specversion': '1.0',
          'ce-id': '1',
          'ce-source': '/s',
          'ce-type': 't',
          'ce-data': 'x',
        },
        body: {},
      },
    ],
  ];
  it.each(faults)('is kept, and no event, with %s', async (_what, { headers, body }) => {
    const { url } = await receivers().put('shop', cloudEvents);
    const whole = { 'content-type': 'application/cloudevents+json', ...headers };
    expect((await send(url, { headers: whole, body })).status).toBe(202);
    expect(await eventsOf(process)).toEqual([]);
    expect(await kept()).toMatchObject([{ error: { code: 'body_invalid' } }]);
  });
});

describe('a standard webhook', () => {
  const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

  it('is taken in as the reference library sends it: its id, type, time and data', async () => {
    const { url } = await receivers().put('billing', { scheme: signatures.standardWebhooks(), secret: key, format: 'standard-webhooks' });
    const body = JSON.stringify({ type: 'invoice.paid', timestamp: '2026-01-02T03:04:05.678Z', data: { invoice: 7 } });
    const at = new Date(stage.clock.now());
    const sign = (id: string) => ({
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(key).sign(id, at, body),
    });
    for (const id of ['msg_1', 'msg_1', 'msg_2']) expect((await process.send(url, { body, headers: sign(id) })).status).toBe(202);
    expect((await process.send(url, { body, headers: { ...sign('msg_3'), 'webhook-id': 'msg_4' } })).status).toBe(401);
    const events = await eventsOf(process);
    expect(events).toHaveLength(2);
    for (const event of events)
      expect(event).toMatchObject({
        type: 'hook.billing.invoice.paid',
        time: '2026-01-02T03:04:05.678Z',
        data: { type: 'invoice.paid', data: { invoice: 7 } },
      });
  });

  it('is kept without a type', async () => {
    const { url } = await receivers().put('billing', { scheme, secret, format: 'standard-webhooks' });
    for (const body of [{ data: {} }, [], 'text']) await send(url, { headers: { 'webhook-id': 'msg_1' }, body });
    expect(await kept()).toMatchObject([{ deliveryId: 'msg_1', error: { code: 'body_invalid' } }]);
  });
});
