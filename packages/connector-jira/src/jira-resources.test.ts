import { path, type RequestPath } from '@patchbay/core';
import { createTestHub, fakeJira, jiraDelivery } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commentCreated, issueCreated, statusChanged } from './__fixtures__/jira-webhooks.ts';
import { jira } from './jira.ts';

const account = { email: 'ops@example.com', token: 'ATATT-test' };
const secret = 'a-webhook-secret';

/** A hub with a connection that is confined to one project. */
async function confinedHub(project: string) {
  const provider = await fakeJira({ ...account, projects: ['OPS', 'SEC'] });
  const test = createTestHub({ connectors: [jira({ origin: provider.origin })], logger: { debug() {}, info() {}, warn() {}, error() {} } });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  const acme = test.tenant('acme');
  const credential = { type: 'basic', username: account.email, password: account.token } as const;
  await acme.connections.put('main', { connector: 'jira', credential, confinedTo: { project: [project] } });
  return { provider, test, acme };
}

describe('a connection confined to projects', () => {
  it('creates issues there, and no child of an issue elsewhere', async () => {
    const { provider, test, acme } = await confinedHub('ops');
    const create = (input: { project: string; parent?: string }) =>
      acme.actions.execute('jira.create_issue', { connection: 'main', input: { summary: 'x', ...input } });
    await create({ project: 'OPS' });
    for (const input of [{ project: 'SEC' }, { project: 'OPS', parent: 'SEC-1' }, { project: 'OPS', parent: '10001' }, { project: 'OPSX' }])
      await expect(create(input), JSON.stringify(input)).rejects.toMatchObject({
        code: 'resource_refused',
        details: { resource: 'project' },
      });
    await test.settled();
    expect(provider.issues().map(({ key }) => key)).toEqual(['OPS-1']);
  });

  it('changes and comments issues by their keys; an id tells no project', async () => {
    const { provider, test, acme } = await confinedHub('OPS');
    const { id, key } = provider.addIssue('Found a bug');
    for (const issue of [key, key.toLowerCase()]) {
      await acme.actions.execute('jira.add_comment', { connection: 'main', input: { issue, body: 'x' } });
    }
    for (const issue of ['SEC-1', id]) {
      const comment = acme.actions.execute('jira.add_comment', { connection: 'main', input: { issue, body: 'x' } });
      await expect(comment).rejects.toMatchObject({ code: 'resource_refused' });
      const change = acme.actions.execute('jira.update_issue', { connection: 'main', input: { issue, summary: 'y' } });
      await expect(change).rejects.toMatchObject({ code: 'resource_refused' });
    }
    await test.settled();
    expect(new Set(provider.requests.map(({ path: sent }) => sent.toUpperCase()))).toEqual(new Set([`/REST/API/3/ISSUE/${key}/COMMENT`]));
  });

  it.each<[string, RequestPath, 'GET' | 'POST' | 'PUT']>([
    ['another project', path`/api/3/project/SEC`, 'GET'],
    ['an issue of another', path`/api/3/issue/${'SEC-1'}`, 'GET'],
    ['an issue by its id', path`/api/3/issue/${10001}`, 'GET'],
    ['a search', path`/api/3/search/jql`, 'GET'],
    ['many issues at once', path`/api/3/issue/bulkfetch`, 'POST'],
    ['all projects', path`/api/3/project`, 'GET'],
    ['a change, whose body may name a parent elsewhere', path`/api/3/issue/${'OPS-1'}`, 'PUT'],
    ['two keys in one', path`/api/3/issue/${'OPS-1,SEC-1'}`, 'GET'],
  ])("the host's own requests do not reach %s", async (_, target, method) => {
    const { provider, acme } = await confinedHub('OPS');
    await expect(acme.request('main', { method, path: target })).rejects.toMatchObject({ code: 'resource_refused', sent: 'no' });
    expect(provider.requests).toEqual([]);
  });

  it("the host's own requests read and comment its issues", async () => {
    const { provider, acme } = await confinedHub('OPS');
    const { key } = provider.addIssue('Found a bug');
    await acme.request('main', { method: 'GET', path: path`/api/3/issue/${key}/comment` });
    await acme.request('main', { method: 'POST', path: path`/api/3/issue/${key}/comment`, json: { body: 'x' } });
    expect(provider.requests).toHaveLength(2);
  });

  it('takes in what happens there, and no more: key and project must both say so', async () => {
    const { test, acme } = await confinedHub('JRA');
    const { url } = await acme.webhooks.register({ connection: 'main', secret });
    const moved = { ...issueCreated.issue, key: 'SEC-7' };
    const twofold = { ...issueCreated.issue, fields: { ...issueCreated.issue.fields, project: { key: 'SEC' } } };
    const payloads = [issueCreated, statusChanged, commentCreated, { ...issueCreated, issue: moved }, { ...issueCreated, issue: twofold }];
    for (const payload of payloads) expect((await test.deliver(url, jiraDelivery({ payload, secret }))).status).toBe(202);
    expect((await acme.events.list()).items.map(({ event }) => event.type).toReversed()).toEqual([
      'jira.issue.created',
      'jira.issue.status_changed',
      'jira.issue.updated',
      'jira.comment.created',
    ]);
    expect(test.noticesOf('webhook.dropped')).toHaveLength(2);
  });
});
