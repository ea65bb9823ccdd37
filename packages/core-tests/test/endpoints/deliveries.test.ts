import { CloudEvent, HTTP } from 'cloudevents';
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

const place = (process: OrderProcess = office, number = 'A-1') => process.acme.events.publish('order.placed', { number, total: 7 });
const bodies = () => stage.receiver.requests.map(({ body }) => JSON.parse(body));
const ids = () => stage.receiver.requests.map(({ headers }) => headers['webhook-id']);
const dispatches = async () => (await office.acme.dispatches.list()).items;

const minute = 60_000;
const hour = 60 * minute;

describe('an endpoint', () => {
  it('receives the events whose type fits one of its patterns, and no others', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage), events: ['order.shipped', 'stock.*'] });
    await place();
    await office.acme.events.publish('order.shipped', { number: 'A-1' });
    await office.settled();
    expect(bodies()).toEqual([{ type: 'order.shipped', timestamp: '2026-01-01T00:00:00.000Z', data: { number: 'A-1' } }]);
    expect(await dispatches()).toMatchObject([{ operation: 'order.shipped', handler: 'delivery', status: 'succeeded' }]);
  });

  it('receives only events for which its condition holds', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage), when: { field: 'event.data.number', op: 'equals', value: 'B-1' } });
    await place();
    await place(office, 'B-1');
    await office.settled();
    expect(bodies()).toMatchObject([{ data: { number: 'B-1' } }]);
  });

  it('receives what its transformation makes of the data, rendered once', async () => {
    const transform = { ref: 'No {{ event.data.number }}', total: '{{ event.data.total * 2 }}' };
    await office.acme.endpoints.put('shop', { ...waived(stage), transform });
    stage.receiver.answer = answering(500);
    await place();
    await office.settled();
    await office.acme.endpoints.put('shop', { ...waived(stage), transform: { ref: 'another' } });
    await office.settled(5_000);
    const body = { type: 'order.placed', timestamp: '2026-01-01T00:00:00.000Z', data: { ref: 'No A-1', total: 14 } };
    expect(bodies()).toEqual([body, body]);
  });

  it('whose transformation fails has a dead delivery with the reason, and nothing is sent', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage), transform: { ref: '{{ event.data.missing.part }}' } });
    await place();
    await office.settled();
    expect(stage.receiver.requests).toEqual([]);
    const [dead] = await dispatches();
    expect(dead).toMatchObject({ status: 'dead', error: { message: expect.stringMatching(/^The transformation cannot be rendered: /) } });
    await office.acme.endpoints.put('shop', { ...waived(stage), transform: { ref: '{{ event.data.number }}' } });
    await office.acme.events.replay(dead?.eventId ?? '');
    await office.settled();
    expect(bodies()).toMatchObject([{ data: { ref: 'A-1' } }]);
  });

  it('receives a CloudEvent that the package of CloudEvents reads, or the data alone, as it asks for', async () => {
    await office.acme.endpoints.put('events', { ...waived(stage), payload: 'cloudevents' });
    await office.acme.endpoints.put('bare', { ...waived(stage, '/bare'), payload: 'data' });
    const { eventId } = await place();
    await office.settled();
    const [first, second] = stage.receiver.requests.toSorted((left, right) => right.path.localeCompare(left.path));
    const headers = Object.fromEntries(Object.entries(first?.headers ?? {}).map(([name, value]) => [name, String(value)]));
    expect(headers['content-type']).toMatch(/^application\/cloudevents\+json/);
    const event = HTTP.toEvent({ headers, body: first?.body });
    expect(event).toBeInstanceOf(CloudEvent);
    expect(event).toMatchObject({ id: eventId, type: 'order.placed', data: { number: 'A-1', total: 7 } });
    expect(JSON.parse(second?.body ?? '')).toEqual({ number: 'A-1', total: 7 });
  });

  it.each([
    ['standard', 'cloudevents'],
    ['cloudevents', 'data'],
    ['data', 'standard'],
  ] as const)('receives the same bytes at every attempt, whatever body it has asked for since (%s, then %s)', async (payload, other) => {
    await office.acme.endpoints.put('shop', { ...waived(stage), payload });
    stage.receiver.answer = answering(500);
    await place();
    await office.settled();
    await office.acme.endpoints.put('shop', { ...waived(stage), payload: other });
    await office.settled(5_000);
    const [first, second] = stage.receiver.requests.map(({ body, headers }) => [body, headers['content-type']]);
    expect(first).toBeDefined();
    expect(second).toEqual(first);
  });

  it('receives nothing of another tenant', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage), events: ['*'] });
    await office.hub.tenant('other').events.publish('order.placed', { number: 'B-1' });
    await office.settled();
    expect(stage.receiver.requests).toEqual([]);
  });

  it('has its own headers beside those of the hub', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage, '/hook?key=a%20b'), headers: { 'X-Shop': 'north' } });
    const { eventId } = await place();
    await office.settled();
    const [request] = stage.receiver.requests;
    expect(request?.path).toBe('/hook?key=a%20b');
    expect(request?.headers).toMatchObject({
      'x-shop': 'north',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^Patchbay\/\d/),
      'webhook-id': eventId,
      'webhook-timestamp': String(stage.clock.now() / 1_000),
    });
    expect(request?.headers['accept-encoding']).toBeUndefined();
  });

  it('that is put again with the same input is not changed', async () => {
    const { secret, ...first } = await office.acme.endpoints.put('shop', waived(stage));
    const before = await stage.storage.configuration.revision('acme');
    expect(await office.acme.endpoints.put('shop', waived(stage))).toEqual({ ...first, secret: null });
    expect(await stage.storage.configuration.revision('acme')).toEqual(before);
    expect(secret).toMatch(/^whsec_/);
  });

  it('that was changed in another process holds for the next event here', async () => {
    const other = stage.process();
    await office.acme.endpoints.put('shop', waived(stage));
    await place();
    await office.settled();
    await other.acme.endpoints.put('shop', { ...waived(stage, '/moved'), events: ['order.placed'] });
    await other.acme.endpoints.put('second', waived(stage, '/second'));
    await place();
    await office.settled();
    expect(stage.receiver.requests.map(({ path }) => path).sort()).toEqual(['/hook', '/moved', '/second']);
  });
});

describe('a delivery that fails', () => {
  it('is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, and is dead then', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = answering(500);
    await place();
    await office.settled(80 * hour);
    const stamps = stage.receiver.requests.map(({ headers }) => Number(headers['webhook-timestamp']));
    const waits = stamps.slice(1).map((stamp, index) => (stamp - (stamps[index] ?? 0)) * 1_000);
    expect(waits).toEqual([5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]);
    const [dead] = await dispatches();
    expect(dead?.status).toBe('dead');
    expect(dead?.attempts).toHaveLength(10);
    expect(new Set(ids()).size).toBe(1);
    expect(new Set(stage.receiver.requests.map(({ body }) => body)).size).toBe(1);
    expect(office.notices('dispatch.dead')).toHaveLength(1);
  });

  it.each([199, 300, 301, 302, 307, 308, 400, 401, 404, 409, 500, 502])('with %s has failed, and follows nothing', async (status) => {
    const final = status === 199 ? 304 : status;
    stage.receiver.answer = answering(final, { location: `${stage.receiver.url}/elsewhere` });
    await office.acme.endpoints.put('shop', waived(stage));
    await place();
    await office.settled();
    expect(stage.receiver.requests.map(({ path }) => path)).toEqual(['/hook']);
    expect(await dispatches()).toMatchObject([{ status: 'pending', attempts: [{ outcome: 'failed' }], error: { status: final } }]);
  });

  it('keeps its webhook-id on a retry by hand and on a replay, whose dispatch is another', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = answering(410);
    const { eventId } = await place();
    await office.settled();
    await office.acme.endpoints.enable('shop');
    const [dead] = await dispatches();
    stage.receiver.answer = answering(500);
    await office.acme.dispatches.retry(dead?.id ?? '');
    await office.settled();
    stage.receiver.answer = answering(200);
    await office.acme.dispatches.cancel(dead?.id ?? '');
    const { dispatchIds } = await office.acme.events.replay(eventId);
    await office.settled();
    expect(dispatchIds).toHaveLength(1);
    expect(dispatchIds[0]).not.toBe(dead?.id);
    expect(ids()).toEqual([eventId, eventId, eventId]);
    // What has succeeded is replayed only where everything is asked for.
    expect((await office.acme.events.replay(eventId)).dispatchIds).toEqual([]);
  });

  it('is replayed for one endpoint alone where that is named, also for events of before it was there', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    const { eventId } = await place();
    await office.settled();
    await office.acme.endpoints.put('late', waived(stage, '/late'));
    await office.acme.events.replayMany({ idempotencyKey: 'k1', endpoint: 'late' });
    await office.settled();
    expect(ids()).toEqual([eventId]);
    await office.acme.events.replayMany({ idempotencyKey: 'k2', endpoint: 'late', unmatched: 'plan' });
    await office.settled();
    expect(stage.receiver.requests.map(({ path }) => path)).toEqual(['/hook', '/late']);
    expect(ids()).toEqual([eventId, eventId]);
  });
});

describe('an endpoint that is not there', () => {
  it('looks like one whose network is refused, and no address inside is told', async () => {
    await office.acme.endpoints.put('gone', { ...waived(stage), url: 'http://127.0.0.1:1/hook' });
    await office.acme.endpoints.put('inside', { ...waived(stage), url: 'http://inside.localhost:1/hook' });
    await place();
    await office.settled();
    const [first, second] = await dispatches();
    expect(first?.error).toEqual({
      code: 'network',
      message: 'The endpoint could not be reached. Check its name and that it listens.',
    });
    expect(second?.error).toEqual(first?.error);
    expect(second?.status).toBe(first?.status);
  });
});
