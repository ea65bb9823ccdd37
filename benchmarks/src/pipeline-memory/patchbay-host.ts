/**
 * Ours in `pipeline-memory`: a host as the README shows it, on plain node:http, from the built packages.
 *
 * What it does for every webhook: the same six things as the hand-written limit, and besides: receipt, event, run,
 * dispatch and attempt as history on memory storage (which copies), fenced settling, a sealed credential, the gateway's
 * checks. What it leaves out: durability, because memory storage has none.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { github } from '@patchbay/connector-github';
import { jira } from '@patchbay/connector-jira';
import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import type { SubjectSettings } from './messages.ts';
import { runSubject, type StartedSubject } from './subject-process.ts';

async function startPatchbay({ sinkOrigin, secret }: SubjectSettings): Promise<StartedSubject> {
  const hub = createHub({
    connectors: [github(), jira({ origin: sinkOrigin })],
    storage: memoryStorage(),
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    publicUrl: 'http://127.0.0.1/hub',
    dangerouslyAllowPrivateNetworks: true,
  });
  const acme = hub.tenant('acme');
  await acme.connections.put('main', { connector: 'github', credential: { type: 'bearer', token: 'not used here' } });
  await acme.connections.put('ops', {
    connector: 'jira',
    credential: { type: 'basic', username: 'ops@example.com', password: 'token' },
  });
  const registration = await acme.webhooks.register({ connection: 'main', trigger: 'issue.opened', secret });
  await acme.automations.put('triage', {
    trigger: { event: 'github.issue.opened', connection: 'main' },
    when: {
      all: [
        { field: 'event.data.issue.labels', op: 'some', where: { field: 'name', op: 'equals', value: 'bug' } },
        { cel: 'size(event.data.issue.body) > 20' },
      ],
    },
    steps: [
      {
        id: 'ticket',
        action: 'jira.create_issue',
        connection: 'ops',
        input: { project: 'OPS', summary: '#{{ event.data.issue.number }} {{ event.data.issue.title }}' },
      },
    ],
  });
  let completed = 0;
  hub.on('action.executed', (notice) => {
    if (notice.result === 'succeeded') completed += 1;
  });
  await hub.ready();
  await hub.start();
  const port = await listenOnLoopback(createServer(hub.nodeHandler));
  return { port, path: new URL(registration.url).pathname, completed: () => completed };
}

await runSubject(startPatchbay);
