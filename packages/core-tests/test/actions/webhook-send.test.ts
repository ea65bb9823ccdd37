import type { BuiltInInputs } from '@patchbay/core/host';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EndpointStage, endpointStage, type OrderProcess, waived } from '../endpoints/endpoint-stage.ts';
import { answering, startReceiver } from '../endpoints/receiver.ts';

let stage: EndpointStage;
let office: OrderProcess;

beforeEach(async () => {
  stage = await endpointStage();
  office = stage.process();
});
afterEach(() => stage.close());

// A pattern that no event has: it receives what is sent to it by hand.
const quiet = (path = '/hook') => ({ ...waived(stage, path), events: ['webhook.sent'] });
const send = (input: BuiltInInputs['webhook.send']) => office.acme.actions.execute('webhook.send', { input });
const ended = async (call: Awaited<ReturnType<typeof send>>) => call.outcome({ waitMs: 0 });
const day = 86_400_000;

describe('a webhook that is sent', () => {
  it('is signed with the secret of the endpoint, so that any library of Standard Webhooks verifies it', async () => {
    const { secret } = await office.acme.endpoints.put('shop', { ...quiet(), headers: { 'x-shop': 'one' } });
    const call = await send({ endpoint: 'shop', type: 'bill.paid', data: { number: 'R-17', total: 9.5 } });
    await office.settled();
    expect(await ended(call)).toMatchObject({ status: 'succeeded', action: 'webhook.send', output: { status: 200 } });
    const [request] = stage.receiver.requests;
    const { headers, body = '' } = request ?? {};
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-shop': 'one',
      'webhook-id': expect.stringMatching(/^[\w-]{32}$/),
    });
    expect(JSON.parse(body)).toEqual({ type: 'bill.paid', timestamp: '2026-01-01T00:00:00.000Z', data: { number: 'R-17', total: 9.5 } });
    // The library looks at the machine's clock, and the stage's stands in 2026.
    const signature = new Webhook(secret ?? '').sign(headers?.['webhook-id'] as string, new Date('2026-01-01T00:00:00.000Z'), body);
    expect(headers?.['webhook-signature']).toBe(signature);
  });

  it('keeps its id and its bytes over all tries, and has another in a replay', async () => {
    await office.acme.endpoints.put('shop', quiet());
    await office.acme.automations.put('hook', {
      trigger: { manual: true },
      steps: [{ id: 'hook', action: 'webhook.send', input: { endpoint: 'shop', data: { n: '{{ event.data.n }}' } } }],
    });
    stage.receiver.answer = answering(500);
    const { runId } = await office.acme.automations.run('hook', { n: 7 });
    await office.settled();
    stage.receiver.answer = answering(200);
    await office.settled(day);
    expect(await office.acme.runs.get(runId ?? '')).toMatchObject({ status: 'succeeded', outputs: { hook: { status: 200 } } });
    const { requests } = stage.receiver;
    expect(requests.length).toBeGreaterThan(1);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    await office.acme.runs.replay(runId ?? '');
    await office.settled(day);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  it('keeps what went over the wire with the attempt, without the signature', async () => {
    await office.acme.endpoints.put('shop', quiet());
    stage.receiver.answer = answering(410);
    const call = await send({ endpoint: 'shop', data: null });
    await office.settled();
    const view = await ended(call);
    expect(view).toMatchObject({ status: 'dead', attemptCount: 1 });
    expect(view.attempts[0]?.exchange).toContain('"status":410');
    expect(view.attempts[0]?.exchange).not.toContain('webhook-signature');
    // Gone is gone, whoever has asked.
    expect(await office.acme.endpoints.get('shop')).toMatchObject({ status: 'disabled' });
  });

  it('goes to another URL on the origin of an endpoint, named or found by that origin', async () => {
    await office.acme.endpoints.put('shop', quiet());
    await send({ endpoint: 'shop', url: `${stage.receiver.url}/other?x=1`, data: 1 });
    await send({ url: `${stage.receiver.url}/third`, data: 2 });
    await office.settled();
    expect(stage.receiver.requests.map(({ path }) => path).sort()).toEqual(['/other?x=1', '/third']);
  });

  it.each([
    ['an origin that no endpoint has', { url: 'https://elsewhere.example.com/hook' }, 'not_found'],
    ['an origin that is not that of its endpoint', { endpoint: 'shop', url: 'https://elsewhere.example.com/hook' }, 'egress_refused'],
    ['an address inside', { endpoint: 'shop', url: 'http://169.254.169.254/latest' }, 'egress_refused'],
    ['an endpoint that is not there', { endpoint: 'office' }, 'not_found'],
    ['what is no URL', { endpoint: 'shop', url: 'shop' }, 'egress_refused'],
  ])('to %s is refused for good, and nothing is sent', async (_, place, code) => {
    await office.acme.endpoints.put('shop', quiet());
    const call = await send({ ...place, data: 1 });
    await office.settled();
    expect(await ended(call)).toMatchObject({ status: 'dead', attemptCount: 1, error: { code } });
    expect(stage.receiver.requests).toEqual([]);
  });

  it('never leaves the origin of the endpoint whose secret would sign it', async () => {
    const elsewhere = await startReceiver();
    await office.acme.endpoints.put('shop', quiet());
    const call = await send({ endpoint: 'shop', url: `${elsewhere.url}/hook`, data: 1 });
    await office.settled();
    expect(await ended(call)).toMatchObject({
      status: 'dead',
      error: { code: 'egress_refused', message: expect.stringContaining('on another origin than the endpoint') },
    });
    expect([...elsewhere.requests, ...stage.receiver.requests]).toEqual([]);
    await elsewhere.close();
  });

  it('reaches no endpoint of another tenant', async () => {
    await office.hub.tenant('other').endpoints.put('shop', quiet());
    const [named, found] = [await send({ endpoint: 'shop', data: 1 }), await send({ url: `${stage.receiver.url}/hook`, data: 1 })];
    await office.settled();
    expect(await ended(named)).toMatchObject({ status: 'dead', error: { code: 'not_found' } });
    expect(await ended(found)).toMatchObject({ status: 'dead', error: { code: 'not_found' } });
    expect(stage.receiver.requests).toEqual([]);
  });

  it('waits while its endpoint has not said that it wants webhooks, or is disabled', async () => {
    const { verification: _, ...asked } = quiet();
    await office.acme.endpoints.put('asked', asked);
    await office.acme.endpoints.put('shop', quiet('/shop'));
    await office.acme.endpoints.disable('shop');
    const calls = [await send({ endpoint: 'asked', data: 1 }), await send({ endpoint: 'shop', data: 2 })];
    await office.settled();
    for (const call of calls) expect(await ended(call)).toMatchObject({ status: 'pending', attemptCount: 0, reason: 'disabled' });
    expect(stage.receiver.requests).toEqual([]);
    await office.acme.endpoints.enable('shop');
    await office.settled(120_000);
    expect(stage.receiver.requests.map(({ path }) => path)).toEqual(['/shop']);
  });

  it.each([
    [{ data: 1 }, 'must name an endpoint or a url'],
    [{ endpoint: 'shop' }, 'data'],
    [{ endpoint: 'shop', data: 1, type: 'not a type' }, 'type'],
    [{ endpoint: 'shop', data: 1, headers: { host: 'x' } }, 'headers'],
  ])('%j is refused before it is queued', async (input, message) => {
    await expect(send(input as never)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(message) });
  });
});
