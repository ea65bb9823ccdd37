import { createHash } from 'node:crypto';
import type { DeliveryDetail } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EndpointStage, endpointStage, type OrderProcess, waived } from './endpoint-stage.ts';
import { answering } from './receiver.ts';

let stage: EndpointStage;
let office: OrderProcess;

beforeEach(async () => {
  stage = await endpointStage();
  office = stage.process();
});
afterEach(() => stage.close());

const place = (number = 'A-1') => office.acme.events.publish('order.placed', { number });
const deliveries = () => office.acme.endpoints.deliveries;
const newest = async (): Promise<DeliveryDetail> => {
  const [delivery] = (await deliveries().list()).items;
  return deliveries().get(delivery?.id ?? '');
};
const ids = () => stage.receiver.requests.map(({ headers }) => headers['webhook-id']);
const minute = 60_000;

describe('an attempt', () => {
  it('tells what was sent, what was answered and how long it took', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage, '/hook?token=t0p'), headers: { 'x-shop': 'one' } });
    stage.receiver.answer = answering(500, { 'x-trace': 'abc', 'content-type': 'text/plain' });
    const { eventId } = await place();
    await office.settled();
    const { attempts, event, ...delivery } = await newest();
    expect(delivery).toMatchObject({
      endpoint: 'shop',
      eventId,
      type: 'order.placed',
      status: 'pending',
      reason: 'retry',
      attemptCount: 1,
    });
    expect(event?.event).toMatchObject({ id: eventId, data: { number: 'A-1' } });
    const body = stage.receiver.requests[0]?.body ?? '';
    expect(attempts).toMatchObject([
      {
        ...{ number: 1, round: 1, outcome: 'failed', error: { code: 'provider_unavailable' } },
        exchange: {
          request: {
            method: 'POST',
            url: `${stage.receiver.url}/hook`,
            headers: { 'x-shop': 'one', 'webhook-id': eventId, 'content-type': 'application/json' },
            bodyBytes: Buffer.byteLength(body),
            bodySha256: createHash('sha256').update(body).digest('hex'),
          },
          response: { status: 500, headers: { 'x-trace': 'abc' }, body: 'ok', isCut: false },
          ...{ errorClass: 'status', sent: 'maybe' },
          timing: { connectMs: expect.any(Number), firstByteMs: expect.any(Number), totalMs: expect.any(Number) },
        },
      },
    ]);
  });

  it('holds the first KiB of an answer, and of its headers so many as fit', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = (_request, response) => {
      for (let index = 0; index < 60; index += 1) response.setHeader(`x-long-${index}`, 'y'.repeat(200));
      response.writeHead(200).end('x'.repeat(5_000));
    };
    await place();
    await office.settled();
    const [attempt] = (await newest()).attempts;
    const { response } = attempt?.exchange ?? {};
    expect([response?.body.length, response?.isCut]).toEqual([1_024, true]);
    expect(Object.keys(response?.headers ?? {})).toHaveLength(30);
    expect(Math.max(...Object.values(response?.headers ?? {}).map((value) => value.length))).toBe(120);
    const [stored] = (await office.acme.dispatches.list()).items[0]?.attempts ?? [];
    expect(Buffer.byteLength(stored?.exchange ?? '')).toBeLessThanOrEqual(8_192);
  });

  it('holds no header by whose name it is a credential, of either side, and no signature', async () => {
    const secrets = { 'x-api-key': 'k3y-one', 'x-token': 't0ken-two', 'x-shop-secret': 's3cret-three' };
    await office.acme.endpoints.put('shop', { ...waived(stage), headers: { ...secrets, 'x-keyboard': 'qwerty' } });
    stage.receiver.answer = (_request, response) => {
      const theirs = {
        'set-cookie': 'c00kie-four',
        'x-session-id': 's3ssion-five',
        authorization: 'b3arer-six',
        'x-access-token': 't0ken-seven',
      };
      response.writeHead(200, { ...theirs, 'x-monkey': 'chimp' }).end('{}');
    };
    await place();
    await office.settled();
    const { attempts } = await newest();
    const told = JSON.stringify(attempts);
    expect(stage.receiver.requests[0]?.headers).toMatchObject(secrets);
    expect(told).not.toMatch(/k3y-one|t0ken-|s3cret|c00kie|s3ssion|b3arer|webhook-signature|v1,/);
    expect(told).toMatch(/qwerty/);
    expect(told).toMatch(/chimp/);
  });

  it('at an endpoint that is refused, not found or not listening tells the same to the byte', async () => {
    const urls = ['http://127.0.0.1:1/hook', 'http://inside.localhost:1/hook', 'http://10.0.0.7/hook'];
    const open = stage.process({ loopbackOnly: false, dangerouslyAllowPrivateNetworks: true });
    for (const [index, url] of urls.entries()) await open.acme.endpoints.put(`gone-${index}`, { ...waived(stage), url });
    await place();
    await office.settled();
    const all = await Promise.all((await deliveries().list()).items.map(({ id }) => deliveries().get(id)));
    expect(all).toHaveLength(urls.length);
    const told = all.map(({ attempts: [attempt] }) => {
      const { url, ...request } = attempt?.exchange?.request ?? {};
      return JSON.stringify({ ...attempt, startedAt: 0, exchange: { ...attempt?.exchange, request } });
    });
    expect(new Set(told).size).toBe(1);
    expect(all[0]?.attempts[0]).toMatchObject({
      durationMs: null,
      exchange: { errorClass: 'unreachable', response: null, sent: 'no', timing: null },
    });
  });
});

describe('the list of deliveries', () => {
  it('is found by endpoint, type, status and time, newest first, page by page', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    const late = await office.acme.endpoints.put('late', { ...waived(stage, '/late'), events: ['order.shipped'] });
    const first = await place('A-1');
    await stage.clock.advance(minute);
    const noon = stage.clock.now();
    const second = await place('A-2');
    await stage.clock.advance(minute);
    const third = await office.acme.events.publish('order.shipped', { number: 'A-1' });
    await office.settled();
    const found = async (filter: Parameters<ReturnType<typeof deliveries>['list']>[0]) =>
      (await deliveries().list(filter)).items.map(({ eventId, endpoint }) => [eventId, endpoint]);
    expect(await found({ endpoint: 'shop' })).toEqual([third, second, first].map(({ eventId }) => [eventId, 'shop']));
    expect(await found({ endpoint: 'shop', type: 'order.placed', from: noon })).toEqual([[second.eventId, 'shop']]);
    expect(await found({ endpoint: 'shop', to: noon })).toEqual([[first.eventId, 'shop']]);
    expect(await found({ type: 'order.shipped' })).toHaveLength(2);
    expect(await found({ endpoint: late.id, status: 'succeeded' })).toEqual([[third.eventId, 'late']]);
    expect(await found({ status: 'dead' })).toEqual([]);
    const page = await deliveries().list({ endpoint: 'shop', limit: 2 });
    const rest = await deliveries().list({ endpoint: 'shop', limit: 2, cursor: page.cursor });
    expect([...page.items, ...rest.items].map(({ eventId }) => eventId)).toEqual([third, second, first].map(({ eventId }) => eventId));
    await office.acme.endpoints.delete('late');
    expect(await found({ endpoint: late.id })).toEqual([[third.eventId, null]]);
  });

  it('has deliveries alone, and nothing of what is not there', async () => {
    office.hub.subscribe('order.*', { name: 'index' }, () => undefined);
    await office.acme.endpoints.put('shop', waived(stage));
    await place();
    await office.settled();
    expect((await office.acme.dispatches.list()).items).toHaveLength(2);
    expect((await deliveries().list()).items).toMatchObject([{ endpoint: 'shop' }]);
    const [call] = (await office.acme.dispatches.list()).items.filter(({ handler }) => handler !== 'delivery');
    await expect(deliveries().get(call?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
    expect(await deliveries().list({ endpoint: 'nobody' })).toEqual({ items: [], cursor: null });
    await expect(deliveries().list({ status: 'lost' as never })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(deliveries().list({ from: 2, to: 1 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

/** Lets deliveries use up their attempts, and the breaker that they have opened come to its end. */
async function dies(): Promise<void> {
  stage.receiver.answer = answering(500);
  await office.settled(400 * 60 * minute);
  await stage.clock.advance(60 * minute);
  stage.receiver.answer = answering(200);
  stage.receiver.requests.length = 0;
}

describe('a delivery that has ended', () => {
  it('is retried as the same one in a new round, with the same webhook-id, and it is recorded who asked', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    const { eventId } = await place();
    await dies();
    const dead = await newest();
    expect(dead).toMatchObject({ status: 'dead', round: 1, attemptCount: 10 });
    const again = await stage
      .process()
      .hub.tenant('acme', { actor: { kind: 'user', id: 'ada' } })
      .endpoints.deliveries.retry(dead.id);
    expect(again).toMatchObject({ id: dead.id, status: 'pending', round: 2, attemptCount: 0 });
    await office.settled(minute);
    expect(ids()).toEqual([eventId]);
    const done = await newest();
    expect(done).toMatchObject({ id: dead.id, status: 'succeeded', round: 2 });
    expect(done.attempts.map(({ number, round }) => [number, round]).at(-1)).toEqual([11, 2]);
    await expect(deliveries().retry(dead.id)).rejects.toMatchObject({ code: 'conflict' });
    const acts = (await office.acme.audit.list({ action: 'dispatch.retry' })).items;
    expect(acts).toMatchObject([{ actor: { kind: 'user', id: 'ada' }, object: { id: dead.id } }]);
  });

  it('is replayed whatever became of it, as a new one with the same webhook-id, once for each key', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    await office.acme.endpoints.put('other', waived(stage, '/other'));
    const { eventId } = await place();
    await office.settled();
    stage.receiver.requests.length = 0;
    const [delivery] = (await deliveries().list({ endpoint: 'shop' })).items;
    const again = await deliveries().replay(delivery?.id ?? '', { idempotencyKey: 'k' });
    expect(again).toMatchObject({ eventId, endpoint: 'shop', replay: 1, status: 'pending' });
    expect((await deliveries().replay(delivery?.id ?? '', { idempotencyKey: 'k' })).id).toBe(again.id);
    await office.settled();
    expect(stage.receiver.requests.map(({ path }) => path)).toEqual(['/hook']);
    expect(ids()).toEqual([eventId]);
    expect((await office.acme.audit.list({ action: 'delivery.replay' })).items).toHaveLength(2);
  });

  it('of an endpoint that was deleted or that receives nothing is not begun again', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    await place();
    await dies();
    const { id } = await newest();
    await office.acme.endpoints.disable('shop');
    await expect(deliveries().replay(id)).rejects.toMatchObject({ code: 'conflict' });
    await office.acme.endpoints.delete('shop');
    await expect(deliveries().replay(id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(deliveries().retry(id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await newest()).toMatchObject({ id, status: 'dead', round: 1 });
  });
});

describe('many deliveries', () => {
  it('are retried by endpoint and type, counted first by a dry run, up to a cap and once for each key', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    await office.acme.endpoints.put('other', waived(stage, '/other'));
    const events = [await place('A-1'), await place('A-2')];
    await office.acme.events.publish('order.shipped', { number: 'A-1' });
    await dies();
    const query = { endpoint: 'shop', type: 'order.placed', idempotencyKey: 'again' };
    expect(await deliveries().retryMany({ ...query, dryRun: true })).toMatchObject({ retried: 2, refused: 0, cursor: null });
    expect((await deliveries().list({ status: 'dead' })).items).toHaveLength(6);
    const page = await deliveries().retryMany({ ...query, limit: 1 });
    expect(page).toMatchObject({ retried: 1 });
    expect(await deliveries().retryMany({ ...query, limit: 1, cursor: page.cursor })).toMatchObject({ retried: 1 });
    await office.settled(minute);
    expect(ids().toSorted()).toEqual(events.map(({ eventId }) => eventId).toSorted());
    expect(stage.receiver.requests.map(({ path }) => path)).toEqual(['/hook', '/hook']);
    expect((await deliveries().list({ status: 'dead' })).items).toHaveLength(4);
    await expect(deliveries().retryMany({ ...query, type: 'order.shipped' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(deliveries().retryMany({} as never)).rejects.toMatchObject({ code: 'not_found' });
    expect((await deliveries().list({ status: 'dead' })).items).toHaveLength(4);
  });

  it('are replayed since a time to an endpoint that has lost data, and also what it missed where that is asked for', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    await place('A-1');
    await stage.clock.advance(minute);
    const since = stage.clock.now();
    const lost = [await place('A-2'), await place('A-3')];
    await office.settled();
    await office.acme.endpoints.disable('shop');
    const missed = await place('A-4');
    await office.acme.endpoints.enable('shop');
    stage.receiver.requests.length = 0;
    const query = { endpoint: 'shop', from: since, status: 'any' } as const;
    expect(await deliveries().replayMany({ ...query, dryRun: true })).toMatchObject({ replayed: 2, skipped: 1 });
    expect(await deliveries().replayMany({ ...query, status: 'dead', dryRun: true })).toMatchObject({ replayed: 0, skipped: 3 });
    await deliveries().replayMany({ ...query, idempotencyKey: 'lost' });
    await deliveries().replayMany({ ...query, idempotencyKey: 'lost' });
    await office.settled();
    expect(ids()).toEqual(lost.map(({ eventId }) => eventId));
    await deliveries().replayMany({ ...query, status: 'dead', includeMissed: true, idempotencyKey: 'missed' });
    await office.settled();
    expect(ids()).toEqual([...lost, missed].map(({ eventId }) => eventId));
    const acts = (await office.acme.audit.list({ action: 'event.replay_many' })).items;
    expect(acts).toMatchObject([{ details: { target: expect.stringMatching(/^endpoint:/) } }, {}, {}]);
  });

  it('are not replayed without a time, a key or an endpoint', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    const calls = [
      { endpoint: 'shop', idempotencyKey: 'k' },
      { endpoint: 'shop', from: 1 },
      { endpoint: 'shop', from: 1, status: 'all', dryRun: true },
    ];
    for (const call of calls) await expect(deliveries().replayMany(call as never)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(deliveries().replayMany({ from: 1, idempotencyKey: 'k' } as never)).rejects.toMatchObject({ code: 'not_found' });
  });
});
