import { path, type RequestPath } from '@patchbay/core';
import { createTestHub, fakeGithub, githubDelivery } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { examplesOf } from './__fixtures__/webhook-examples.ts';
import { github } from './github.ts';

const token = 'ghp_test';
const secret = 'a-webhook-secret';

/** A hub with a connection that is confined to one repository of two. */
async function confinedHub() {
  const provider = await fakeGithub({ token, repositories: ['octocat/Hello-World', 'octocat/secret'] });
  const test = createTestHub({
    connectors: [github({ origin: provider.origin })],
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  onTestFinished(async () => {
    await test.close();
    await provider.close();
  });
  const acme = test.tenant('acme');
  const confinedTo = { repository: ['octocat/hello-world'] };
  await acme.connections.put('main', { connector: 'github', credential: { type: 'bearer', token }, confinedTo });
  return { provider, test, acme };
}

describe('a connection confined to repositories', () => {
  it('opens issues there, however its name is written, and nowhere else', async () => {
    const { provider, test, acme } = await confinedHub();
    const open = (owner: string, repo: string) =>
      acme.actions.execute('github.create_issue', { connection: 'main', input: { owner, repo, title: 'x' } });
    for (const [owner, repo] of [
      ['octocat', 'Hello-World'],
      ['OCTOCAT', 'HELLO-WORLD'],
    ] as const)
      await open(owner, repo);
    for (const [owner, repo] of [
      ['octocat', 'secret'],
      ['octocat', 'hello-world.git'],
      ['octo', 'hello-world'],
      ['octocat', 'hello_world'],
    ] as const)
      await expect(open(owner, repo)).rejects.toMatchObject({ code: 'resource_refused', details: { resource: 'repository' } });
    for (const [owner, repo] of [
      ['octocat/hello-world', 'x'],
      ['octocat', '../secret'],
      ['octocat', 'hello\u2010world'],
      ['octocat%2f', 'hello-world'],
    ] as const)
      await expect(open(owner, repo)).rejects.toMatchObject({ code: 'invalid_input' });
    await test.settled();
    expect(provider.requests.map(({ path: sent }) => sent.toLowerCase())).toEqual(Array(2).fill('/repos/octocat/hello-world/issues'));
  });

  it.each<[string, RequestPath, 'GET' | 'POST' | 'DELETE']>([
    ['another repository', path`/repos/octocat/secret/issues`, 'GET'],
    ['all repositories', path`/user/repos`, 'GET'],
    ['a search over all', path`/search/issues`, 'GET'],
    ['GraphQL', path`/graphql`, 'POST'],
    ['a repository by its id', path`/repositories/${1296269}/issues`, 'GET'],
    ['a fork, which is another repository', path`/repos/octocat/hello-world/forks`, 'POST'],
    ['a repository made of it', path`/repos/octocat/hello-world/generate`, 'POST'],
    ['a comparison with a fork', path`/repos/octocat/hello-world/compare/${'main...other:main'}`, 'GET'],
    ['the timeline of an issue, in which others are quoted', path`/repos/octocat/hello-world/issues/${1}/timeline`, 'GET'],
    ['sub-issues, which are of any repository', path`/repos/octocat/hello-world/issues/${1}/sub_issues`, 'POST'],
    ['a pull request of a fork', path`/repos/octocat/hello-world/pulls`, 'POST'],
    ['its removal', path`/repos/octocat/hello-world`, 'DELETE'],
    ['its handing over', path`/repos/octocat/hello-world/transfer`, 'POST'],
    ['a name in one segment', path`/repos/${'octocat/hello-world'}/issues`, 'GET'],
  ])("the host's own requests do not reach %s", async (_, target, method) => {
    const { provider, acme } = await confinedHub();
    await expect(acme.request('main', { method, path: target })).rejects.toMatchObject({ code: 'resource_refused', sent: 'no' });
    expect(provider.requests).toEqual([]);
  });

  it("the host's own requests reach what is in the repository", async () => {
    const { provider, acme } = await confinedHub();
    const issues = path`/repos/${'octocat'}/${'Hello-World'}/issues`;
    expect((await acme.request('main', { method: 'POST', path: issues, json: { title: 'x' } })).status).toBe(201);
    await acme.request('main', { method: 'GET', path: path`/repos/octocat/hello-world/contents/${'src/index.ts'}` });
    expect(provider.requests).toHaveLength(2);
  });

  it('takes in what happens there, and no more', async () => {
    const { test, acme } = await confinedHub();
    const { url } = await acme.webhooks.register({ connection: 'main', secret });
    const [example] = examplesOf('issues', 'opened');
    const send = (repository: object) =>
      test.deliver(
        url,
        githubDelivery({
          event: 'issues',
          payload: { ...example, repository: { ...Object(example?.['repository']), ...repository } },
          secret,
        }),
      );
    for (const full_name of ['octocat/Hello-World', 'octocat/secret', 'octocat/hello-world/x', ''])
      expect((await send({ full_name })).status).toBe(202);
    expect((await acme.events.list()).items.map(({ event }) => event.subject)).toEqual(['octocat/Hello-World#1']);
    expect(test.noticesOf('webhook.dropped').map(({ resource }) => resource)).toEqual(['repository', 'repository', 'repository']);
  });
});
