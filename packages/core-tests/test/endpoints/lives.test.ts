import { isPatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EndpointStage, endpointStage, type OrderProcess, waived } from './endpoint-stage.ts';
import { answering, echoing } from './receiver.ts';

let stage: EndpointStage;
let office: OrderProcess;

beforeEach(async () => {
  stage = await endpointStage();
  office = stage.process();
});
afterEach(() => stage.close());

const place = (number = 'A-1') => office.acme.events.publish('order.placed', { number });
const types = () => stage.receiver.requests.map(({ body }) => JSON.parse(body).type);
const input = () => ({ url: `${stage.receiver.url}/hook`, events: ['order.*'] });
const codeOf = async (call: Promise<unknown>): Promise<string | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    return isPatchbayError(error) ? error.code : 'foreign';
  }
};

describe('an endpoint that has not been verified', () => {
  it('receives its challenge and nothing else', async () => {
    expect((await office.acme.endpoints.put('shop', input())).status).toBe('unverified');
    await place();
    await office.settled();
    expect(types()).toEqual([]);
    stage.receiver.answer = answering(200);
    expect(await codeOf(office.acme.endpoints.verify('shop'))).toBe('connect_failed');
    expect(await codeOf(office.acme.endpoints.sendTest('shop'))).toBe('conflict');
    await place();
    await office.settled();
    expect(types()).toEqual(['endpoint.verification']);
    expect((await office.acme.endpoints.get('shop')).status).toBe('unverified');
  });

  it('receives deliveries once it has said the challenge, in JSON or as text', async () => {
    await office.acme.endpoints.put('json', input());
    await office.acme.endpoints.put('text', { ...input(), url: `${stage.receiver.url}/text` });
    stage.receiver.answer = echoing;
    expect(await office.acme.endpoints.verify('json')).toMatchObject({ status: 'active', isVerified: true });
    stage.receiver.answer = ({ body }, response) => void response.end(`${JSON.parse(body).data.challenge}\n`);
    expect((await office.acme.endpoints.verify('text')).status).toBe('active');
    stage.receiver.answer = answering(200);
    await place();
    await office.settled();
    expect(types().slice(2)).toEqual(['order.placed', 'order.placed']);
  });

  it('is not verified by an error that says the challenge, nor by a part of it', async () => {
    await office.acme.endpoints.put('shop', input());
    stage.receiver.answer = ({ body }, response) => void response.writeHead(400).end(JSON.parse(body).data.challenge);
    expect(await codeOf(office.acme.endpoints.verify('shop'))).toBe('connect_failed');
    stage.receiver.answer = ({ body }, response) => void response.end(body);
    expect(await codeOf(office.acme.endpoints.verify('shop'))).toBe('connect_failed');
  });

  it('is sent ten challenges a minute, whoever asks for them', async () => {
    const others = office.hub.tenant('globex');
    await office.acme.endpoints.put('shop', input());
    await others.endpoints.put('shop', { ...input(), url: `${stage.receiver.url}/another` });
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await codeOf(office.acme.endpoints.verify('shop'))).toBe('connect_failed');
      expect(await codeOf(others.endpoints.verify('shop'))).toBe('connect_failed');
    }
    expect(await codeOf(office.acme.endpoints.verify('shop'))).toBe('rate_limited');
    expect(await codeOf(others.endpoints.verify('shop'))).toBe('rate_limited');
    expect(stage.receiver.requests).toHaveLength(10);
    await stage.clock.advance(60_000);
    stage.receiver.answer = echoing;
    expect((await office.acme.endpoints.verify('shop')).status).toBe('active');
  });

  it('cannot be a receiver of the hub itself, whose events would come back for ever', async () => {
    const loop = stage.process({ publicUrl: `${stage.receiver.url}/hub` }).acme;
    for (const path of ['/hub/hooks/1', '/hub/webhooks/github/1', '/./hub/hooks/1', '/hub/hooks/1?again']) {
      expect(await codeOf(loop.endpoints.put('loop', { ...input(), url: `${stage.receiver.url}${path}` }))).toBe('invalid_argument');
    }
    expect(await codeOf(loop.endpoints.put('own', { ...input(), url: `${stage.receiver.url}/hub/other` }))).toBeUndefined();
  });

  it('has to be verified anew when its URL changes, and keeps what is planned until then', async () => {
    stage.receiver.answer = echoing;
    await office.acme.endpoints.put('shop', input());
    await office.acme.endpoints.verify('shop');
    await place();
    expect((await office.acme.endpoints.put('shop', { ...input(), url: `${stage.receiver.url}/moved` })).status).toBe('unverified');
    await office.settled();
    expect(types()).toEqual(['endpoint.verification']);
    await office.acme.endpoints.verify('shop');
    await office.settled();
    expect(stage.receiver.requests.slice(1).map(({ path }) => path)).toEqual(['/moved', '/moved']);
  });
});

describe('an endpoint that is disabled', () => {
  it('keeps what was planned without attempts, is planned nothing, and goes on when it is enabled', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    await place('before');
    expect(await office.acme.endpoints.disable('shop')).toMatchObject({ status: 'disabled', disabled: { reason: 'host' } });
    await place('meanwhile');
    await office.settled();
    expect((await office.acme.dispatches.list()).items).toMatchObject([{ status: 'pending', attempts: [] }]);
    expect(await office.acme.endpoints.enable('shop')).toMatchObject({ status: 'active', disabled: null });
    await place('after');
    await office.settled();
    expect(stage.receiver.requests.map(({ body }) => JSON.parse(body).data.number)).toEqual(['before', 'after']);
  });
});

describe('an endpoint that is deleted', () => {
  it('has its open deliveries cancelled, and no gate left', async () => {
    await office.acme.endpoints.put('shop', waived(stage));
    stage.receiver.answer = answering(500);
    await place();
    await office.settled();
    await office.acme.endpoints.disable('shop');
    await office.acme.endpoints.delete('shop');
    expect((await office.acme.dispatches.list()).items).toMatchObject([{ status: 'cancelled' }]);
    expect(await stage.storage.gates.list('acme')).toEqual([]);
    await place();
    await office.settled(86_400_000);
    expect(stage.receiver.requests).toHaveLength(1);
    expect(await codeOf(office.acme.endpoints.get('shop'))).toBe('not_found');
    const { items } = await office.acme.dispatches.list();
    expect((await office.acme.dispatches.retryMany({ status: 'cancelled' })).refusals).toMatchObject([
      { id: items[0]?.id, code: 'not_found' },
    ]);
  });
});

describe('a test event', () => {
  it('goes to its endpoint alone, as a delivery of the type that was asked for', async () => {
    await office.acme.endpoints.put('shop', { ...waived(stage), events: ['order.shipped'] });
    await office.acme.endpoints.put('other', waived(stage, '/other'));
    const plain = await office.acme.endpoints.sendTest('shop');
    const typed = await office.acme.endpoints.sendTest('shop', { type: 'order.placed', data: { number: 'T-1' } });
    await office.settled();
    expect(stage.receiver.requests.map(({ path }) => path)).toEqual(['/hook', '/hook']);
    expect(types()).toEqual(['endpoint.test', 'order.placed']);
    expect(stage.receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([plain.eventId, typed.eventId]);
    expect(await office.acme.dispatches.get(typed.dispatchId)).toMatchObject({ status: 'succeeded', operation: 'order.placed' });
  });
});

describe('endpoints', () => {
  it('are each recorded when they are put, rotated, disabled, enabled and deleted, without address and secret', async () => {
    const { secret } = await office.acme.endpoints.put('shop', waived(stage, '/hook?token=hidden-token'));
    await office.acme.endpoints.rotateSecret('shop');
    await office.acme.endpoints.disable('shop');
    await office.acme.endpoints.enable('shop');
    await office.acme.endpoints.delete('shop');
    const { items } = await office.acme.audit.list();
    const acts = items.filter(({ object }) => object.type === 'endpoint').map(({ action }) => action);
    expect(acts.toReversed()).toEqual(['endpoint.create', 'endpoint.change', 'endpoint.change', 'endpoint.change', 'endpoint.delete']);
    expect(JSON.stringify(items)).not.toMatch(/hidden-token/);
    expect(JSON.stringify(items)).not.toContain(secret?.slice(6) ?? 'whsec');
  });

  it('are listed in pages and found by name and id', async () => {
    for (const name of ['a', 'b', 'c']) await office.acme.endpoints.put(name, waived(stage, `/${name}`));
    const first = await office.acme.endpoints.list({ limit: 2 });
    const second = await office.acme.endpoints.list({ limit: 2, cursor: first.cursor });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(await office.acme.endpoints.get(first.items[0]?.id ?? '')).toEqual(first.items[0]);
  });

  it('take a place of the plan', async () => {
    const plans = { plans: [{ name: 'free', limits: { endpoints: 1 }, features: [] }], planOf: () => 'free' };
    const bound = stage.process({ plans });
    await bound.acme.endpoints.put('a', waived(stage));
    expect(await codeOf(bound.acme.endpoints.put('b', waived(stage)))).toBe('plan_limit');
    expect(await codeOf(bound.acme.endpoints.put('a', waived(stage, '/other')))).toBeUndefined();
  });
});
