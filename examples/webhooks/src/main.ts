// A host between a shop without a connector and a customer's endpoint: signed webhooks come in, signed webhooks go out.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createHub, localKeys, signatures } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { openCustomer } from './customer.ts';
import { listen } from './listen.ts';
import { sendOrder } from './send-order.ts';

const customer = openCustomer();
const customerAddress = await listen(customer.server);
const server = createServer((request, response) => hub.nodeHandler(request, response));
const address = await listen(server);

const storage = memoryStorage();
const hub = createHub({
  connectors: [],
  storage,
  keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }), // keep yours: openssl rand -base64 32
  publicUrl: `${address}/hub`,
  loopbackOnly: true, // the customer is on 127.0.0.1; leave it out for true endpoints
});
const seen = { events: 0, duplicates: 0, refused: 0, kept: 0 };
hub.on('webhook.received', ({ duplicate }) => {
  seen[duplicate ? 'duplicates' : 'events'] += 1;
});
hub.on('webhook.failed', ({ reason }) => {
  seen.refused += reason === null ? 0 : 1;
});
hub.on('webhook.kept', () => {
  seen.kept += 1;
});
const acme = hub.tenant('acme');

// In: the shop signs with a secret of its own.
const secret = randomBytes(20).toString('hex');
const definition = {
  scheme: signatures.hmac({ header: 'x-shop-signature', prefix: 'sha256=' }),
  deliveryId: { header: 'x-shop-delivery' },
  subject: { cel: 'body.number' },
};
const { url } = await acme.receivers.put('shop', { ...definition, secret, eventType: { cel: "'order.' + body.status" } });

// Out: the customer wants to hear of large orders.
const endpoint = await acme.endpoints.put('customer', {
  url: `${customerAddress}/hooks`,
  events: ['hook.shop.order.*'],
  when: { field: 'event.data.total', op: 'greater_than', value: 100 },
});
customer.enter(endpoint.secret ?? '');
await acme.endpoints.verify('customer');

const large = { url, secret, delivery: 'd-1', order: { number: 'A-1', status: 'placed', total: 120 } };
const answers = [
  await sendOrder(large),
  await sendOrder(large), // the shop sends it again: one event
  await sendOrder({ ...large, secret: 'another secret' }), // nobody who knows the URL alone gets in
  await sendOrder({ ...large, delivery: 'd-2', order: { number: 'A-2', status: 'placed', total: 5 } }), // too small for the customer
  await sendOrder({ ...large, delivery: 'd-3', order: { number: 'A-3', total: 900 } }), // without a status: kept
];

// What could not be read is kept. The definition is mended, and the delivery replayed.
await acme.receivers.put('shop', { ...definition, eventType: { cel: "has(body.status) ? 'order.' + body.status : 'order.placed'" } });
const { replayed } = await acme.webhooks.kept.replayMany({ registration: `receiver:${(await acme.receivers.get('shop')).id}` });
await hub.work({ until: 'idle' });

// The customer has lost one: it is sent once more, under the same id.
const { items } = await acme.endpoints.deliveries.list({ endpoint: 'customer', status: 'succeeded' });
const [last] = items;
if (last) await acme.endpoints.deliveries.replay(last.id);
await hub.work({ until: 'idle' });

const ids = new Set(customer.deliveries.map(({ id }) => id));
const repeated = customer.deliveries.length - ids.size;
console.log(`answers ${answers.join(' ')}`);
for (const { body } of customer.deliveries) console.log(`delivered ${body}`);
const line = Object.entries({ ...seen, replayed, delivered: ids.size, repeated }).map(([name, count]) => `${name} ${count}`);
console.log(line.join(' · '));
process.exitCode = line.join() === 'events 3,duplicates 1,refused 1,kept 1,replayed 1,delivered 2,repeated 1' ? 0 : 1;

for (const each of [server, customer.server]) each.close();
await hub.stop();
await storage.close();
