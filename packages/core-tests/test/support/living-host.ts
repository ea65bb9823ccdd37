// A host's process: starts a hub, has it work over true sockets, stops it, and then does nothing to end itself.
import { createServer } from 'node:http';
import { createHub, defineAction, defineConnector, hmacSha256, localKeys, path } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { z } from 'zod';

const [origin = '', when = ''] = process.argv.slice(2);
const answer = z.object({ id: z.number() });

const notes = defineConnector({
  id: 'notes',
  name: 'Notes',
  description: 'Keeps notes.',
  version: '1.0.0',
  category: 'custom',
  auth: [{ type: 'bearer' }],
  origin,
  actions: {
    add_note: defineAction({
      title: 'Add note',
      description: 'Adds a note.',
      idempotency: 'idempotent',
      input: z.strictObject({ text: z.string() }),
      output: answer,
      run: ({ input, http }) => http.put(path`/notes`, { json: input, response: answer }),
    }),
  },
  triggers: {},
  webhook: { scheme: hmacSha256({ header: 'x-signature' }), deliveryId: 'x-delivery', toEvents: () => [] },
  healthCheck: async () => ({ healthy: true }),
});

const hub = createHub({
  connectors: [notes],
  storage: memoryStorage(),
  keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 1).fill(7, 16).toString('base64') } }),
  publicUrl: 'http://127.0.0.1/hub',
  events: { 'order.placed': z.object({ number: z.string() }) },
  dangerouslyAllowPrivateNetworks: true,
});
const server = createServer(hub.nodeHandler);

async function work(): Promise<void> {
  const acme = hub.tenant('acme');
  await acme.connections.put('main', { connector: 'notes', credential: { type: 'bearer', token: 'notes-token' } });
  await acme.automations.put('note', {
    trigger: { event: 'order.placed' },
    steps: [{ id: 'note', action: 'notes.add_note', connection: 'main', input: { text: '{{ event.data.number }}' } }],
  });
  const finished = new Promise<string>((resolve) => hub.on('run.finished', ({ status }) => resolve(status)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await hub.start();
  await acme.events.publish('order.placed', { number: 'A-1' });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  // Counts a refused delivery, which is written later.
  await (await fetch(`http://127.0.0.1:${port}/hub/webhooks/notes/x`, { method: 'POST', body: '{}' })).text();
  console.log(await finished);
}

if (when === 'after work') await work();
else if (when === 'during a start') void hub.start().catch(() => undefined);
else if (when === 'twice') await hub.start().then(() => hub.start());
await Promise.all([hub.stop(), hub.stop()]);
server.close();
console.log('stopped');
// Tells what still lives where the process does not end by itself. Unref'd, so that it keeps nothing alive.
setTimeout(() => {
  console.log('alive', process.getActiveResourcesInfo().join());
  process.exit(9);
}, 8_000).unref();
