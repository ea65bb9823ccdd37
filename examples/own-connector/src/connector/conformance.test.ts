import { hmacSha256 } from '@patchbay/core';
import { type DeliveryCase, describeConnector, signWebhook } from '@patchbay/testing';
import { credential, wrongCredential } from './__fixtures__/tasks-login.ts';
import { startTasks } from './__fixtures__/tasks-service.ts';
import { tasks } from './tasks.ts';

// As the service's documentation says it signs, not as the connector thinks it does.
const scheme = hmacSha256({ header: 'x-tasks-signature', prefix: 'sha256=' });

const delivery = (event: string, trigger: string | null): DeliveryCase => ({
  title: event,
  trigger,
  make({ secret }) {
    const body = JSON.stringify({ task: { id: 't1', list: 'home', title: 'Buy paper', done: true } });
    return { body, headers: { 'x-tasks-event': event, 'x-tasks-delivery': 'd1', ...signWebhook(scheme, { secret, body }) } };
  },
});

describeConnector({
  create: (origin) => tasks({ origin }),
  startProvider: startTasks,
  credential,
  wrongCredential,
  state: (service) => service.tasks(),
  actions: [
    {
      name: 'create_task',
      input: () => ({ list: 'home', title: 'Buy paper' }),
      refused: [{ list: '../..', title: 'x' }],
    },
    {
      name: 'list_tasks',
      input(service) {
        service.add('home', 'Buy paper');
        return { list: 'home' };
      },
      pages: {
        make: (number) => ({
          json: { tasks: [{ id: `t${number}`, list: 'home', title: 'One of many', done: false }], next: `page-${number + 1}` },
        }),
      },
    },
  ],
  options: [{ action: 'create_task', field: 'list', confinedTo: { list: ['home'] } }],
  deliveries: [delivery('task.completed', 'task.completed'), delivery('task.renamed', null)],
});
