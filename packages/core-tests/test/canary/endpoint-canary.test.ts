import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EndpointStage, endpointStage, waived } from '../endpoints/endpoint-stage.ts';
import { secretsIn } from '../gateway/secret-writings.ts';
import { dumpStorage } from '../tenancy/dump-storage.ts';

let stage: EndpointStage;

beforeEach(async () => {
  stage = await endpointStage();
});
afterEach(() => stage.close());

it('20 secrets of endpoints are in no delivery, attempt, notice, log line or row, at receivers that repeat all that they are sent', async () => {
  const office = stage.process();
  const statuses = [200, 302, 401, 429, 500, 503];
  let came = 0;
  stage.receiver.answer = ({ headers, body }, response) => {
    came += 1;
    const said = Object.entries(headers).map(([name, value], index) => [`x-said-${index}`, `${name} ${value}`]);
    const theirs = { 'set-cookie': 'session=th3irs-cookie', 'x-session-token': 'th3irs-token' };
    response
      .writeHead(statuses[came % statuses.length] ?? 200, { ...Object.fromEntries(said), ...theirs })
      .end(`${JSON.stringify(headers)} ${body}`);
  };
  const sinks: unknown[] = [];
  const made: string[] = [];
  for (let index = 0; index < 20; index += 1) {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    made.push(secret, secret.slice('whsec_'.length));
    const { secret: told, ...endpoint } = await office.acme.endpoints.put(`shop-${index}`, { ...waived(stage, `/${index}`), secret });
    sinks.push(endpoint);
    if (index % 2 === 0) await office.acme.endpoints.rotateSecret(`shop-${index}`);
    if (index % 2 === 0) made.push(await office.acme.endpoints.revealSecret(`shop-${index}`));
  }
  await office.acme.events.publish('order.placed', { number: 'A-1' });
  await office.settled(10_000);
  const { deliveries } = office.acme.endpoints;
  const { items } = await deliveries.list({ limit: 100 });
  for (const { id } of items) sinks.push(await deliveries.get(id), await office.acme.dispatches.get(id));
  sinks.push(items, await office.acme.endpoints.list(), await office.acme.audit.list({ limit: 500 }), office.logged);
  sinks.push(await dumpStorage(stage.storage, ['acme']));
  const text = sinks
    .map((value) => `${inspect(value, { depth: 20, maxStringLength: null, maxArrayLength: null })}\n${JSON.stringify(value)}`)
    .join('\n');
  expect(secretsIn(text, made)).toEqual([]);
  expect(text).not.toMatch(/th3irs-/);
  // The test sees what it looks for: every receiver was sent something, and what it said of it is in the sinks.
  expect(items).toHaveLength(20);
  expect(came).toBeGreaterThan(20);
  expect(text).toMatch(/x-said-0/);
});
