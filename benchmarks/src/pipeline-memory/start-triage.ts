import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { github } from '@patchbay/connector-github';
import { jira } from '@patchbay/connector-jira';
import { createHub, localKeys } from '@patchbay/core';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import type { SubjectSettings } from './messages.ts';
import type { StartedSubject } from './subject-process.ts';

type TriageHub = ReturnType<typeof newHub>;

function newHub({ sinkOrigin, secret }: SubjectSettings, storage: Parameters<typeof createHub>[0]['storage']) {
  // The same in every process of a sample, and of no use to anybody else.
  const key = createHash('sha256').update(secret).digest('base64');
  return createHub({
    connectors: [github(), jira({ origin: sinkOrigin })],
    storage,
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'http://127.0.0.1/hub',
    dangerouslyAllowPrivateNetworks: true,
  });
}

/** Connections, webhook and automation of the one tenant. Answers the path of the webhook. */
async function setUp(hub: TriageHub, secret: string): Promise<string> {
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
  return new URL(registration.url).pathname;
}

/** A host as the README shows it, on plain node:http: a GitHub issue with the label `bug` becomes one in Jira. `migrate` makes the tables first. */
export async function startTriage(
  settings: SubjectSettings,
  options: { readonly storage: Parameters<typeof createHub>[0]['storage']; readonly migrate: boolean },
): Promise<StartedSubject> {
  const hub = newHub(settings, options.storage);
  let completed = 0;
  hub.on('action.executed', (notice) => {
    if (notice.result === 'succeeded') completed += 1;
  });
  await hub.start({ migrate: options.migrate });
  const path = settings.joins ?? (await setUp(hub, settings.secret));
  const port = await listenOnLoopback(createServer(hub.nodeHandler));
  return { port, path, completed: () => completed };
}
