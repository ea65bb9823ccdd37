import { createHmac, randomUUID } from 'node:crypto';
import { signatures } from '@patchbay/core';
import type { ReceiverInput } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BellProcess, type BellStage, bellStage, eventsOf } from './bell-stage.ts';

let stage: BellStage;

beforeEach(() => {
  stage = bellStage();
});
afterEach(() => stage.close());

const secret = 'a-long-secret';
const scheme = signatures.hmac({ header: 'x-signature' });
const form = 'application/x-www-form-urlencoded';

/** An object, or a form, of so many keys beside what its format needs. */
const keys = (count: number): Record<string, number> => Object.fromEntries(Array.from({ length: count }, (_, key) => [`k${key}`, key]));
const attributes = () => ({ specversion: '1.0', id: randomUUID(), source: '/a', type: 'b' });

interface Sent {
  readonly put: ReceiverInput;
  readonly type?: string;
  readonly headers?: () => Readonly<Record<string, string>>;
  /** With so many keys in all. */
  readonly body: (count: number) => string;
  /** How many times `maximumKeys` it may have. @default 1 */
  readonly times?: number;
}

const cases: Readonly<Record<string, Sent>> = {
  JSON: { put: { scheme, secret, deliveryId: 'body' }, body: (count) => JSON.stringify(keys(count)) },
  'a form': {
    put: { scheme, secret, deliveryId: 'body', contentTypes: [form] },
    type: form,
    body: (count) =>
      Object.entries(keys(count))
        .map((pair) => pair.join('='))
        .join('&'),
  },
  'a standard webhook': {
    put: { scheme, secret, format: 'standard-webhooks' },
    headers: () => ({ 'webhook-id': randomUUID() }),
    body: (count) => JSON.stringify({ type: 'a', ...keys(count - 1) }),
  },
  'a CloudEvent in structured mode': {
    put: { scheme, secret, format: 'cloudevents' },
    type: 'application/cloudevents+json',
    body: (count) => JSON.stringify({ ...attributes(), data: keys(count - 5) }),
  },
  'a CloudEvent in binary mode': {
    put: { scheme, secret, format: 'cloudevents' },
    headers: () => Object.fromEntries(Object.entries(attributes()).map(([name, value]) => [`ce-${name}`, value])),
    body: (count) => JSON.stringify(keys(count)),
  },
  'a batch of CloudEvents': {
    put: { scheme, secret, format: 'cloudevents' },
    type: 'application/cloudevents-batch+json',
    body: (count) => JSON.stringify([{ ...attributes(), data: keys(count - 5) }]),
    times: 10,
  },
};

/** How many events come of a delivery of so many keys. */
async function eventsFrom(process: BellProcess, sent: Sent, count: number): Promise<number> {
  const { url } = await process.hub.tenant('acme').receivers.put('shop', sent.put);
  const before = (await eventsOf(process)).length;
  const body = sent.body(count);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'content-type': sent.type ?? 'application/json', 'x-signature': signature, ...sent.headers?.() };
  expect((await process.send(url, { headers, body })).status).toBe(202);
  return (await eventsOf(process)).length - before;
}

describe.each(Object.entries(cases))('at a receiver, %s', (_what, sent) => {
  it.each([50, 20_000])('may have webhooks.maximumKeys: %i, and not one more', async (maximumKeys) => {
    const process = stage.process({ door: { webhooks: { maximumKeys }, maximumBodyBytes: 8_388_608 } });
    const most = maximumKeys * (sent.times ?? 1);
    expect([await eventsFrom(process, sent, most), await eventsFrom(process, sent, most + 1)]).toEqual([1, 0]);
    const kept = (await process.hub.tenant('acme').webhooks.kept.list()).items;
    expect(kept.map(({ error }) => error.code)).toEqual(['body_invalid']);
  });
});

it('what was kept for its keys is replayed by a process that takes as many', async () => {
  const small = stage.process({ door: { webhooks: { maximumKeys: 50 } } });
  const json = cases['JSON'];
  if (!json) throw new Error('There is no such case.');
  expect(await eventsFrom(small, json, 51)).toBe(0);
  const { kept } = stage.process().hub.tenant('acme').webhooks;
  const [item] = (await kept.list()).items;
  expect(await kept.replay(item?.id ?? '')).toEqual({ events: 1 });
});
