// A host with a connector of its own: it connects an account of a service on this machine, acts there, and hears of what happens there.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { tasks } from './connector/tasks.ts';
import { startTasksService } from './service/tasks-service.ts';

const service = await startTasksService();
const server = createServer((request, response) => hub.nodeHandler(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const storage = memoryStorage();
const hub = createHub({
  connectors: [tasks({ origin: service.origin })],
  storage,
  keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }), // keep yours: openssl rand -base64 32
  publicUrl: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hub`,
  loopbackOnly: true, // the service is on 127.0.0.1; leave it out for true ones
});
await hub.start();
const acme = hub.tenant('acme');
const waitMs = 20_000;

// It connects.
await acme.connections.put('main', { connector: 'tasks', credential: { type: 'bearer', token: service.token } });
const { account } = await acme.connections.test('main');
console.log(`connected as ${account?.name}`);
const { options } = await acme.actions.options({ connection: 'main', action: 'tasks.create_task', field: 'list' });
console.log(`lists to choose from: ${options.map(({ label }) => label).join(', ')}`);

// It acts.
const create = async (list: string, title: string) => {
  const call = await acme.actions.execute('tasks.create_task', { connection: 'main', input: { list, title } });
  return await call.outcome({ waitMs });
};
const attemptsOf = async (id: string) => (await acme.dispatches.get(id)).attempts.map(({ outcome }) => outcome).join(', ');
service.lockOnce('home');
const locked = await create('home', 'Buy paper');
console.log(`a locked list: ${await attemptsOf(locked.id)}`);
service.loseNextAnswer();
const lost = await create('home', 'Buy ink');
console.log(`a lost answer: ${await attemptsOf(lost.id)}; tasks: ${service.tasksOf('home').length}`);
await Promise.all(Array.from({ length: 12 }, (_, index) => create('home', `Task ${index + 1}`)));
const listing = await acme.actions.execute('tasks.list_tasks', { connection: 'main', input: { list: 'home' } });
const { output } = await listing.outcome({ waitMs });
console.log(`beyond the limit, page by page: ${JSON.stringify(output).split('"id"').length - 1} tasks`);

// It hears.
await acme.automations.put('follow-up', {
  trigger: { event: 'tasks.task.completed', connection: 'main' },
  steps: [
    {
      id: 'next',
      action: 'tasks.create_task',
      connection: 'main',
      input: { list: 'work', title: 'Check: {{ event.data.task.title }}' },
    },
  ],
});
const secret = randomBytes(20).toString('hex');
const { url } = await acme.webhooks.register({ connection: 'main', secret });
const ended = new Promise<void>((resolve) => void hub.on('run.finished', () => resolve()));
const done = service.complete(service.tasksOf('home')[0]?.id ?? '');
const statuses = [
  await service.tell({ url, secret }, done),
  await service.tell({ url, secret }, done), // sent once more: one event
  await service.tell({ url, secret: 'another secret' }, done), // nobody who knows the URL alone gets in
];
await ended;
console.log(`webhooks: ${statuses.join(', ')}`);
console.log(
  `follow-up: ${service
    .tasksOf('work')
    .map(({ title }) => title)
    .join(', ')}`,
);

const counts = `home ${service.tasksOf('home').length} · work ${service.tasksOf('work').length}`;
console.log(counts);
process.exitCode = counts === 'home 14 · work 1' ? 0 : 1;

server.close();
await hub.stop();
await storage.close();
await service.close();
