import { createHmac } from 'node:crypto';
import { type Json, signatures } from '@patchbay/core';
import type { ReceiverInput } from '@patchbay/core/host';
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
const scheme = signatures.hmac({ header: 'x-shop-signature' });
const shop: ReceiverInput = { scheme, secret, deliveryId: { header: 'x-shop-delivery' } };

/** An order as the shop would send it. */
function order(options: { readonly body?: Json | string; readonly id?: string; readonly secret?: string } = {}) {
  const { body: given = { number: 7 }, id = 'd-1', secret: own = secret } = options;
  const body = typeof given === 'string' ? given : JSON.stringify(given);
  const signature = createHmac('sha256', own).update(body).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-shop-delivery': id, 'x-shop-signature': signature } };
}

const receivers = (tenant = 'acme', of = process) => of.hub.tenant(tenant).receivers;

describe('a receiver', () => {
  it('takes in the deliveries of a service without a connector, each once', async () => {
    const receiver = await receivers().put('shop', shop);
    expect(receiver).toMatchObject({
      name: 'shop',
      url: `https://host.example.com/hub/hooks/${receiver.id}`,
      events: 'hook.shop.*',
      secrets: 1,
    });
    expect(JSON.stringify(receiver)).not.toContain(secret);
    const second = stage.process();
    for (const each of [process, second, process]) expect((await each.send(receiver.url, order())).status).toBe(202);
    await process.send(receiver.url, order({ id: 'd-2' }));
    const events = await eventsOf(process);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ type: 'hook.shop.received', data: { number: 7 }, class: 'custom', tenant: 'acme' });
    expect(events[0]).not.toHaveProperty('connection');
    expect(process.received).toMatchObject([
      { registrationId: `receiver:${receiver.id}`, connectionId: null, triggerId: 'received', duplicate: false },
      { duplicate: true },
      { duplicate: false },
    ]);
  });

  it('keeps a batch whose expressions together would hold everybody up', async () => {
    const numbers = `[${Array.from({ length: 40 }, (_, number) => number).join(', ')}]`;
    const dear = { cel: `${numbers}.filter(x, ${numbers}.exists(y, x + y == -1)).size() == 0 ? 'x' : 'y'` };
    const { url } = await receivers().put('events', { scheme, secret, format: 'cloudevents', eventType: dear, subject: dear });
    const batch = (events: number) => {
      const one = { source: '/shop', type: 'order', specversion: '1.0' };
      const sent = order({ body: Array.from({ length: events }, (_, number) => ({ ...one, id: `${events}-${number}` })) });
      return { ...sent, headers: { ...sent.headers, 'content-type': 'application/cloudevents-batch+json' } };
    };
    expect((await process.send(url, batch(2))).status).toBe(202);
    expect(await eventsOf(process)).toHaveLength(2);
    expect((await process.send(url, batch(1_000))).status).toBe(202);
    expect(await eventsOf(process)).toHaveLength(2);
    expect(process.failed).toMatchObject([{ tenant: 'acme', error: { code: 'fuel_exhausted' } }]);
    expect((await process.hub.tenant('acme').webhooks.kept.list()).items).toMatchObject([{ error: { code: 'fuel_exhausted' } }]);
  });

  it('reads type, id, subject, time and data as its expressions say', async () => {
    const { url } = await receivers().put('shop', {
      ...{ scheme, secret },
      eventType: { cel: "'order.' + body.status" },
      deliveryId: { cel: "headers['x-shop-delivery'] + '/' + string(int(body.number))" },
      subject: { cel: "'order ' + string(int(body.number))" },
      time: { cel: 'body.at' },
      data: { cel: "{'number': body.number, 'kind': headers['content-type']}" },
    });
    await process.send(url, order({ body: { status: 'placed', number: 7, at: '2026-01-02T03:04:05Z' } }));
    await process.send(url, order({ body: { status: 'placed', number: 8, at: 1_767_323_045_000 } }));
    const events = await eventsOf(process);
    expect(events.map(({ subject }) => subject).sort()).toEqual(['order 7', 'order 8']);
    for (const event of events)
      expect(event).toMatchObject({ type: 'hook.shop.order.placed', time: '2026-01-02T03:04:05.000Z', data: { kind: 'application/json' } });
  });

  it('takes the bytes for the delivery where the sender names none', async () => {
    const { url } = await receivers().put('shop', { scheme, secret, deliveryId: 'body' });
    for (const id of ['d-1', 'd-2']) await process.send(url, order({ id }));
    await process.send(url, order({ body: { number: 8 } }));
    expect(await eventsOf(process)).toHaveLength(2);
  });

  it('makes no event of another connector, of the host or of the hub, whatever its sender says', async () => {
    const { url } = await receivers().put('shop', {
      scheme,
      secret,
      deliveryId: { header: 'x-shop-delivery' },
      eventType: { cel: 'body.type' },
    });
    const types = ['github.issue.opened', '..bell..rung', 'a b/c', 'ü', 'x'.repeat(300), '', 7, null, '__proto__'];
    for (const [index, type] of types.entries())
      expect((await process.send(url, order({ id: `d-${index}`, body: { type } }))).status).toBe(202);
    const made = (await eventsOf(process)).map(({ type }) => type).sort();
    expect(made).toEqual(['hook.shop.__proto__', 'hook.shop.a_b_c', 'hook.shop.bell.rung', 'hook.shop.github.issue.opened']);
    const kept = (await process.hub.tenant('acme').webhooks.kept.list()).items;
    expect(kept.map(({ error }) => error.code)).toEqual(Array.from({ length: 5 }, () => 'invalid_event'));
  });

  it('starts automations, which are refused for a receiver that is not there', async () => {
    const { hub } = process;
    const put = (event: `hook.${string}.${string}`, more = {}) =>
      hub
        .tenant('acme')
        .automations.put('file', { trigger: { event, ...more }, steps: [{ id: 'x', action: 'bell.none', connection: 'main' }] as never });
    await expect(put('hook.shop.received')).rejects.toMatchObject({ code: 'automation_invalid' });
    await receivers().put('shop', shop);
    await expect(put('hook.shop.received', { connection: 'main' })).rejects.toThrow('comes through no connection');
    await expect(put('hook.other.received')).rejects.toMatchObject({ code: 'automation_invalid' });
  });

  it('reaches subscribers by its prefix', async () => {
    const seen: string[] = [];
    const own = stage.process();
    own.hub.subscribe('hook.shop.*', { name: 'orders' }, async ({ type }) => void seen.push(type));
    await own.hub.ready();
    const { url } = await receivers('acme', own).put('shop', { ...shop, eventType: 'order.placed' });
    await own.send(url, order());
    await own.hub.work();
    expect(seen).toEqual(['hook.shop.order.placed']);
  });

  it('answers what its sender wants', async () => {
    const { url } = await receivers().put('shop', { ...shop, answer: { status: 200, contentType: 'text/plain', body: '[accepted]' } });
    expect(await process.send(url, order())).toMatchObject({ status: 200, text: '[accepted]' });
  });
});

describe('the door of a receiver', () => {
  it('refuses all alike: an unknown URL, a signature that is missing, malformed or wrong, another secret, a deleted one', async () => {
    const receiver = await receivers().put('shop', shop);
    const deleted = await receivers().put('gone', shop);
    await receivers().delete('gone');
    const unknown = `https://host.example.com/hub/hooks/${crypto.randomUUID()}`;
    const { 'x-shop-signature': _signature, ...unsigned } = order().headers;
    const answers = [
      await process.send(unknown, order()),
      await process.send(deleted.url, order()),
      await process.send(receiver.url, { body: '{}', headers: unsigned }),
      await process.send(receiver.url, { ...order(), headers: { ...order().headers, 'x-shop-signature': 'zz' } }),
      await process.send(receiver.url, { ...order(), body: '{"number":8}' }),
      await process.send(receiver.url, order({ secret: 'another-secret' })),
      await process.send(`${receiver.url.slice(0, -1)}%`, order()),
      await process.send('https://host.example.com/hub/hooks/shop', order()),
    ];
    expect(new Set(answers.slice(0, 6).map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401, 404, 401]);
    expect(await eventsOf(process)).toEqual([]);
    expect((await process.hub.tenant('acme').webhooks.kept.list()).items).toEqual([]);
    expect(process.failed[2]).toMatchObject({ tenant: 'acme', registrationId: `receiver:${receiver.id}`, reason: 'signature_wrong' });
    expect(process.failed[0]).toMatchObject({ tenant: null, reason: 'unknown_url' });
  });

  it('is open to a bearer token, which is kept nowhere', async () => {
    const bearer = signatures.headerToken({ header: 'authorization', prefix: 'Bearer ' });
    const { url } = await receivers().put('shop', { scheme: bearer, secret, deliveryId: 'body', data: { cel: 'headers' } });
    const send = (token: string, body = '{}') => process.send(url, { body, headers: { authorization: `Bearer ${token}` } });
    expect([(await send(secret)).status, (await send('another-secret')).status]).toEqual([202, 401]);
    expect((await send(secret, '{')).status).toBe(202);
    const [kept] = (await process.hub.tenant('acme').webhooks.kept.list()).items;
    const detail = await process.hub.tenant('acme').webhooks.kept.get(kept?.id ?? '');
    expect(JSON.stringify([await eventsOf(process), detail.headers])).not.toContain(secret);
  });

  it('is open to everybody only where it says why, and such deliveries are marked and never kept', async () => {
    await expect(receivers().put('open', { deliveryId: 'body' })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(receivers().put('open', { deliveryId: 'body', dangerouslyUnverified: 'no' })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    const why = 'the sensor can sign nothing';
    await expect(receivers().put('open', { ...shop, dangerouslyUnverified: why })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(receivers().put('open', { secret, deliveryId: 'body', dangerouslyUnverified: why })).rejects.toMatchObject({
      code: 'credential_missing',
    });
    const { url } = await receivers().put('open', { deliveryId: 'body', dangerouslyUnverified: why });
    expect((await process.send(url, { body: '{"n":1}', headers: {} })).status).toBe(202);
    expect((await process.send(url, { body: '{', headers: {} })).status).toBe(400);
    const [event, ...more] = await eventsOf(process);
    expect([event?.data, more]).toEqual([{ n: 1 }, []]);
    expect((await process.hub.tenant('acme').webhooks.kept.list()).items).toEqual([]);
    expect((await stage.storage.history.event('acme', event?.id ?? ''))?.receipt?.registration).toContain('unverified:');
  });

  it('takes the content types that it names, JSON where it names none, and forms where it names them', async () => {
    const json = await receivers().put('shop', shop);
    const form = await receivers().put('forms', { ...shop, contentTypes: ['application/x-www-form-urlencoded'] });
    const send = async (url: string, type: string, body: string) => {
      const delivery = order({ body, id: crypto.randomUUID() });
      return (await process.send(url, { ...delivery, headers: { ...delivery.headers, 'content-type': type } })).status;
    };
    expect(await send(json.url, 'application/vnd.shop+json; charset=utf-8', '{}')).toBe(202);
    expect(await send(json.url, 'text/plain', '{}')).toBe(415);
    expect(await send(form.url, 'application/json', '{}')).toBe(415);
    expect(await send(form.url, 'application/x-www-form-urlencoded', 'number=7&note=a+b')).toBe(202);
    expect((await eventsOf(process)).map(({ data }) => data)).toEqual(expect.arrayContaining([{}, { number: '7', note: 'a b' }]));
    expect(await eventsOf(process)).toHaveLength(2);
  });

  it('takes what comes from its addresses alone, and tells nobody else', async () => {
    const { url } = await receivers().put('shop', { ...shop, addresses: ['192.0.2.0/24'] });
    expect(await process.send(url, order())).toMatchObject({ status: 401, text: 'refused' });
    expect(process.failed).toMatchObject([{ reason: 'address_refused' }]);
    await expect(receivers().put('shop', { ...shop, addresses: ['192.0.2.0/99'] })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('keeps floods without a good signature away from what is signed', async () => {
    const { url } = await receivers().put('shop', shop);
    const own = stage.process({ door: { webhooks: { rates: { url: { perSecond: 1, burst: 2 } } } } });
    const wrong = order({ secret: 'another-secret' });
    const statuses: number[] = [];
    for (let times = 0; times < 3; times += 1) statuses.push((await own.send(url, wrong)).status);
    expect(statuses).toEqual([401, 401, 429]);
    const fresh = stage.process({ door: { webhooks: { rates: { url: { perSecond: 1, burst: 2 } } } } });
    for (let times = 0; times < 5; times += 1) expect((await fresh.send(url, order({ id: `d-${times}` }))).status).toBe(202);
  });

  it('takes deliveries and nothing else', async () => {
    const { url } = await receivers().put('shop', shop);
    for (const method of ['GET', 'OPTIONS', 'PUT']) expect((await process.hub.handler(new Request(url, { method }))).status).toBe(405);
  });

  it('lets the secret before in for 24 hours after it was replaced', async () => {
    const { url } = await receivers().put('shop', shop);
    const status = async (own: string, id: string) => (await process.send(url, order({ secret: own, id }))).status;
    expect((await receivers().rotateSecret('shop', { secret: 'a-newer-secret' })).secrets).toBe(2);
    expect([await status(secret, '1'), await status('a-newer-secret', '2')]).toEqual([202, 202]);
    await stage.clock.advance(86_400_001);
    expect([await status(secret, '3'), await status('a-newer-secret', '4')]).toEqual([401, 202]);
    expect((await receivers().get('shop')).secrets).toBe(1);
  });

  it('ends the secret before at once where the rotation says so, also afterwards', async () => {
    const { url } = await receivers().put('shop', shop);
    const status = async (own: string, id: string) => (await process.send(url, order({ secret: own, id }))).status;
    expect((await receivers().rotateSecret('shop', { secret: 'a-newer-secret', overlapMs: 0 })).secrets).toBe(1);
    expect([await status(secret, '1'), await status('a-newer-secret', '2')]).toEqual([401, 202]);
    expect((await receivers().rotateSecret('shop', { secret: 'the-newest-secret', overlapMs: 60_000 })).secrets).toBe(2);
    expect((await receivers().rotateSecret('shop', { secret: 'the-newest-secret' })).secrets).toBe(2);
    expect((await receivers().rotateSecret('shop', { secret: 'the-newest-secret', overlapMs: 0 })).secrets).toBe(1);
    expect([await status('a-newer-secret', '3'), await status('the-newest-secret', '4')]).toEqual([401, 202]);
    for (const overlapMs of [-1, 0.5, 2_592_000_001])
      await expect(receivers().rotateSecret('shop', { secret, overlapMs })).rejects.toMatchObject({ code: 'invalid_argument' });
    const none: { secret: string } = JSON.parse('{}');
    await expect(receivers().rotateSecret('shop', none)).rejects.toMatchObject({ code: 'credential_missing' });
  });

  it('keeps the last five secrets however often it is replaced', async () => {
    const { url } = await receivers().put('shop', shop);
    const replaced = Array.from({ length: 5 }, (_, number) => `a-newer-secret-${number}`);
    const counts: number[] = [];
    for (const newer of replaced) counts.push((await receivers().rotateSecret('shop', { secret: newer })).secrets);
    expect(counts).toEqual([2, 3, 4, 5, 5]);
    const statuses: number[] = [];
    for (const [id, own] of [secret, ...replaced].entries())
      statuses.push((await process.send(url, order({ secret: own, id: String(id) }))).status);
    expect(statuses).toEqual([401, 202, 202, 202, 202, 202]);
  });

  it('holds in other processes what was put in one, from the next delivery on', async () => {
    const second = stage.process();
    const { url } = await receivers().put('shop', shop);
    expect((await second.send(url, order())).status).toBe(202);
    await receivers().rotateSecret('shop', { secret: 'a-newer-secret' });
    expect((await second.send(url, order({ id: 'd-2', secret: 'a-newer-secret' }))).status).toBe(202);
    await receivers().delete('shop');
    expect((await second.send(url, order({ id: 'd-3', secret: 'a-newer-secret' }))).status).toBe(401);
  });

  it('keeps what was verified and cannot become events, and a replay reads it as the receiver is by then', async () => {
    const { url, id } = await receivers().put('shop', { ...shop, eventType: { cel: 'body.status' } });
    expect((await process.send(url, order())).status).toBe(202);
    const { kept } = process.hub.tenant('acme').webhooks;
    const [item] = (await kept.list()).items;
    expect(item).toMatchObject({
      connector: null,
      connection: null,
      registration: `receiver:${id}`,
      deliveryId: 'd-1',
      error: { code: 'expression_failed' },
    });
    await receivers().put('shop', { ...shop, secret: undefined as never, eventType: 'order' });
    expect(await kept.replay(item?.id ?? '')).toEqual({ events: 1 });
    expect(await eventsOf(process)).toMatchObject([{ type: 'hook.shop.order', data: { number: 7 } }]);
    await process.send(url, order());
    expect(await eventsOf(process)).toHaveLength(1);
    await process.send(url, order({ body: '{' }));
    const [left] = (await kept.list()).items;
    await receivers().delete('shop');
    await expect(kept.replay(left?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('putting a receiver', () => {
  it('changes nothing with the same content, and keeps URL and secret with another', async () => {
    const first = await receivers().put('shop', shop);
    const revision = await stage.storage.configuration.revision('acme');
    expect(await receivers().put('shop', shop)).toEqual(first);
    expect(await stage.storage.configuration.revision('acme')).toEqual(revision);
    const { secret: _secret, ...rest } = shop;
    const other = await receivers().put('shop', { ...rest, eventType: 'order' });
    expect(other).toMatchObject({ id: first.id, url: first.url, definition: { eventType: 'order' } });
    expect((await process.send(first.url, order())).status).toBe(202);
    expect(await receivers().list()).toEqual([other]);
    await expect(receivers().put('shop', { ...rest, scheme: signatures.hmac({ header: 'x-other' }) })).rejects.toMatchObject({
      code: 'credential_missing',
    });
  });

  const faults: readonly (readonly [string, Record<string, unknown>])[] = [
    ['no delivery id', { scheme, secret }],
    ['an expression that reads what is not there', { ...shop, eventType: { cel: 'steps.x' } }],
    ['an expression that does not parse', { ...shop, subject: { cel: 'body.' } }],
    ['a scheme that nobody knows', { ...shop, scheme: { kind: 'md5', header: 'x' } }],
    [
      'a secret in a body that would be stored with it',
      { format: 'cloudevents', scheme: signatures.bodyToken({ list: 'value', field: 'state' }), secret },
    ],
    ['a member that it does not know', { ...shop, eventTypes: 'x' }],
    ['a type that no event can have', { ...shop, eventType: 'a b' }],
    ['an answer that refuses', { ...shop, answer: { status: 500, contentType: 'text/plain', body: '' } }],
    ['an answer with a header of its own', { ...shop, answer: { status: 200, contentType: 'a/b\r\nx: y', body: '' } }],
    ['a short secret', { ...shop, secret: 'short' }],
    ['no secret', { ...shop, secret: undefined }],
  ];
  it.each(faults)('refuses %s', async (_what, input) => {
    await expect(receivers().put('shop', input as never)).rejects.toMatchObject({
      code: expect.stringMatching(/invalid_argument|expression_invalid|credential_missing/),
    });
    expect(await receivers().list()).toEqual([]);
  });

  it.each(['', 'Shop', 'a.b', 'a--b', '-a', 'x'.repeat(41), '__proto__'])('refuses the name %j', async (name) => {
    await expect(receivers().put(name, shop)).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('is recorded without the secret, and needs the feature and a place of the plan', async () => {
    await receivers().put('shop', shop);
    const acts = (await process.hub.tenant('acme').audit.list()).items;
    expect(acts.map(({ action }) => action)).toContain('receiver.create');
    expect(JSON.stringify(acts)).not.toContain(secret);
    const plan = (limits: Record<string, number>, features: string[]) =>
      stage.process({ plans: { plans: [{ name: 'only', limits, features }], planOf: () => 'only' } });
    await expect(receivers('b', plan({ webhooks: 9 }, [])).put('shop', shop)).rejects.toMatchObject({ code: 'plan_limit' });
    const one = plan({ webhooks: 1 }, ['webhooks']);
    await receivers('b', one).put('shop', shop);
    await receivers('b', one).put('shop', { ...shop, eventType: 'x' });
    await expect(receivers('b', one).put('second', shop)).rejects.toMatchObject({ code: 'plan_limit' });
  });

  it('seals the secret under the tenant, and a rewrap seals it anew', async () => {
    const { url } = await receivers().put('shop', shop);
    const [row] = (await stage.storage.configuration.list('acme', 'receiver', { cursor: null, limit: 10 })).rows;
    expect(JSON.stringify(row)).not.toContain(secret);
    const { vault } = process.hub.tenant('acme');
    await vault.rotate();
    await vault.rewrap();
    const [after] = (await stage.storage.configuration.list('acme', 'receiver', { cursor: null, limit: 10 })).rows;
    expect(after?.value.secrets[0]?.sealed).not.toBe(row?.value.secrets[0]?.sealed);
    expect((await process.send(url, order())).status).toBe(202);
  });
});
