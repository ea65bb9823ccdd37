import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { github } from '@patchbay/connector-github';
import { jira } from '@patchbay/connector-jira';
import { slack } from '@patchbay/connector-slack';
import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeJira, type FakeSlack, fakeJira, fakeSlack, githubDelivery } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueOpened } from './issue-opened.ts';

const secret = "It's a Secret to Everybody";
const key = Buffer.alloc(32, 7).fill(9, 16).toString('base64');

describe('the main job, end to end', () => {
  let jiraServer: FakeJira;
  let slackServer: FakeSlack;
  let server: Server;
  let stop: () => Promise<void>;

  const setUp = async () => {
    const hub = createHub({
      connectors: [github(), slack({ origin: slackServer.origin }), jira({ origin: jiraServer.origin })],
      storage: memoryStorage(),
      keys: localKeys({ active: 'k1', keys: { k1: key } }),
      publicUrl: 'http://127.0.0.1/hub',
      retry: { baseMs: 10 },
      dangerouslyAllowPrivateNetworks: true,
    });
    server = createServer(hub.nodeHandler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const acme = hub.tenant('acme');
    await acme.connections.put('main', { connector: 'github', credential: { type: 'bearer', token: 'ghp_test' } });
    await acme.connections.put('ops', {
      connector: 'jira',
      credential: { type: 'basic', username: 'a@example.com', password: 'jira-token' },
    });
    await acme.connections.put('team', { connector: 'slack', credential: { type: 'bearer', token: 'xoxb-test' } });
    await acme.automations.put('triage', {
      trigger: { event: 'github.issue.opened', connection: 'main' },
      when: { field: 'event.data.issue.labels', op: 'some', where: { field: 'name', op: 'equals', value: 'bug' } },
      steps: [
        {
          id: 'ticket',
          action: 'jira.create_issue',
          connection: 'ops',
          input: { project: 'OPS', summary: '{{ event.data.issue.title }}' },
        },
        {
          id: 'tell',
          action: 'slack.send_message',
          connection: 'team',
          input: { channel: '#ops', text: 'Filed {{ steps.ticket.output.key }}' },
        },
      ],
    });
    const registration = await acme.webhooks.register({ connection: 'main', trigger: 'issue.opened', secret });
    await hub.start();
    stop = async () => {
      await hub.stop();
      await new Promise((resolve) => server.close(resolve));
    };
    const { port } = server.address() as AddressInfo;
    const url = registration.url.replace('http://127.0.0.1/', `http://127.0.0.1:${port}/`);
    const deliver = (delivery: { readonly headers: Readonly<Record<string, string>>; readonly body: string }) =>
      fetch(url, { method: 'POST', headers: delivery.headers, body: delivery.body });
    return { hub, acme, deliver };
  };

  beforeEach(async () => {
    jiraServer = await fakeJira({ email: 'a@example.com', token: 'jira-token' });
    slackServer = await fakeSlack({ token: 'xoxb-test' });
  });
  afterEach(async () => {
    await stop();
    await jiraServer.close();
    await slackServer.close();
  });

  it('files one ticket and sends one message with its key, however often the delivery comes', async () => {
    const { hub, acme, deliver } = await setUp();
    const finished = new Promise<string>((resolve) => hub.on('run.finished', (notice) => resolve(notice.runId)));
    const delivery = githubDelivery({ event: 'issues', payload: issueOpened({ number: 1, labels: ['bug'] }), secret });
    expect((await deliver(delivery)).status).toBe(202);
    const runId = await finished;
    expect((await deliver(delivery)).status).toBe(202);
    expect((await deliver({ ...delivery, body: delivery.body.replace('"number":1', '"number":2') })).status).toBe(401);
    const run = await acme.runs.get(runId);
    expect(run.status).toBe('succeeded');
    expect(run.steps.map((step) => [step.path, step.status, step.attempts.length])).toEqual([
      ['ticket', 'succeeded', 1],
      ['tell', 'succeeded', 1],
    ]);
    expect(jiraServer.issues()).toHaveLength(1);
    expect(slackServer.messages().map((message) => message.text)).toEqual([`Filed ${jiraServer.issues()[0]?.key}`]);
  });
});
