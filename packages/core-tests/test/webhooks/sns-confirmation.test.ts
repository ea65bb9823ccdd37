import { signatures } from '@patchbay/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { bellConnector } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf } from './bell-stage.ts';
import { fieldsOfTopic, type SnsService, startSns } from './sns-service.ts';

let stage: BellStage;
let sns: SnsService;
let process: BellProcess;
let url: string;

const certificate = 'GET /SimpleNotificationService-0123abcd.pem';
const notification = z.object({ Message: z.string() });
const connector = bellConnector({
  webhook: {
    scheme: signatures.known['aws-sns'],
    deliveryId: { bodyField: 'MessageId' },
    contentTypes: ['text/plain'],
    confirmation: { field: 'Type', equals: 'SubscriptionConfirmation', urlField: 'SubscribeURL', hosts: ['sns.*.amazonaws.com'] },
    toEvents: ({ body }) => [{ trigger: 'rung', data: JSON.parse(notification.parse(body).Message) }],
  },
});

beforeEach(async () => {
  sns = await startSns();
  stage = bellStage();
  process = stage.process({ connector, door: { egress: { proxy: sns.proxy } } });
  const { connections, webhooks } = process.hub.tenant('acme');
  await connections.put('main', { connector: 'bell', credential: { type: 'none' } });
  ({ url } = await webhooks.register({ connection: 'main', secret: fieldsOfTopic.TopicArn, trigger: 'rung' }));
});
afterEach(async () => {
  await stage.close();
  await sns[Symbol.asyncDispose]();
});

const timestamp = () => ({ Timestamp: new Date(stage.clock.now()).toISOString() });
const confirmation = (fields: Readonly<Record<string, string>> = {}) => ({
  ...{ Type: 'SubscriptionConfirmation', MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b', Token: 'a1b2' },
  ...{ Message: 'You have chosen to subscribe.', SubscribeURL: sns.confirmUrl('a1b2'), ...timestamp(), ...fields },
});
const confirmed = () => `GET ${new URL(sns.confirmUrl('a1b2')).pathname}${new URL(sns.confirmUrl('a1b2')).search}`;

it('a subscription of SNS is confirmed by one request to its region, over its own certificate, and its messages are events then', async () => {
  expect(await process.send(url, sns.message(confirmation()))).toMatchObject({ status: 202 });
  expect(sns.asked).toEqual([certificate, confirmed()]);
  expect(await eventsOf(process)).toEqual([]);
  const notice = { Type: 'Notification', MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324', Message: '{"tone":"c"}', ...timestamp() };
  for (let times = 0; times < 2; times += 1) expect((await process.send(url, sns.message(notice))).status).toBe(202);
  expect((await eventsOf(process)).map(({ data }) => data)).toEqual([{ tone: 'c' }]);
  expect(sns.asked).toHaveLength(2);
});

it('is asked for again where SNS does not take the confirmation, and kept nowhere', async () => {
  sns.confirmsWith(500);
  expect((await process.send(url, sns.message(confirmation()))).status).toBe(503);
  expect((await process.send(url, sns.message(confirmation()))).status).toBe(202);
  expect(sns.asked).toEqual([certificate, confirmed(), confirmed()]);
  expect((await process.hub.tenant('acme').webhooks.kept.list()).items).toEqual([]);
});

it('is not confirmed for another topic, out of time, with an address that was changed, or at another host', async () => {
  const { body, headers } = sns.message(confirmation());
  const other = 'arn:aws:sns:eu-west-1:123456789012:other';
  const hourAgo = new Date(stage.clock.now() - 3_601_000).toISOString();
  expect((await process.send(url, sns.message(confirmation({ TopicArn: other })))).status).toBe(401);
  expect((await process.send(url, sns.message(confirmation({ Timestamp: hourAgo })))).status).toBe(401);
  expect(sns.asked).toEqual([]);
  expect((await process.send(url, { headers, body: body.replace('Token=a1b2', 'Token=other') })).status).toBe(401);
  expect((await process.send(url, sns.message(confirmation({ SubscribeURL: 'https://evil.example.com/?Token=a1b2' })))).status).toBe(202);
  expect(sns.asked).toEqual([certificate]);
  expect((await process.hub.tenant('acme').webhooks.kept.list()).items.map(({ error }) => error.code)).toEqual(['body_invalid']);
});
