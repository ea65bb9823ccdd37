import type { WantedSubscription } from '@patchbay/core/host';
import { createTestHub, fakeGithub } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultsOf } from './__fixtures__/github-openapi.ts';
import { fullName, githubStage } from './__fixtures__/github-stage.ts';
import { github } from './github.ts';

/** What stands behind one event of GitHub's cannot be told apart. */
const issueTriggers = Object.keys(github().triggers).filter((name) => name.startsWith('issue.'));

const wanted = {
  url: 'https://host.example.com/hub/webhooks/github/01980000-0000-7000-8000-000000000000',
  triggers: ['issue.opened', 'comment.created'],
  secret: 'a secret of 32 bytes',
  target: fullName,
} satisfies Partial<WantedSubscription>;

describe('webhooks by the API of GitHub', () => {
  it.each([fullName, 'octo-org'])("are asked for as GitHub's description says, at %s", async (target) => {
    const { provider, harness } = await githubStage();
    const { id } = await harness.subscriptions(({ create }, call) => create({ ...call, ...wanted, target }));
    await harness.subscriptions(
      (each, call) => each.update?.({ ...call, ...wanted, target, id }) ?? Promise.reject(new Error('no update')),
    );
    const listed = await harness.subscriptions(({ list }, call) => list({ ...call, target }));
    await harness.subscriptions(({ remove }, call) => remove({ ...call, target, id }));
    expect(provider.requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'GET', 'DELETE']);
    expect(provider.requests.flatMap(faultsOf)).toEqual([]);
    expect(listed).toEqual([{ id, url: wanted.url, triggers: [...issueTriggers, 'comment.created'], active: true }]);
    expect(provider.hooks(target)).toEqual([]);
  });

  it('are JSON, checked for their certificate, and hold the secret', async () => {
    const { provider, harness } = await githubStage();
    await harness.subscriptions(({ create }, call) => create({ ...call, ...wanted }));
    expect(provider.hooks(fullName)).toMatchObject([
      {
        active: true,
        events: ['issues', 'issue_comment'],
        config: { url: wanted.url, content_type: 'json', insecure_ssl: '0', secret: wanted.secret },
      },
    ]);
  });

  it('are listed page by page, with those of other programs, and by the triggers that their events stand for', async () => {
    const { provider, harness } = await githubStage();
    const config = { url: 'https://elsewhere.example.com' };
    for (let each = 0; each < 120; each += 1) provider.addHook(fullName, { active: each > 0, events: ['push', 'issues'], config });
    provider.addHook(fullName, { active: true, events: ['*'], config: {} });
    const listed = await harness.subscriptions(({ list }, call) => list({ ...call, target: fullName }));
    expect(listed).toHaveLength(121);
    expect(listed[0]).toMatchObject({ url: config.url, triggers: [...issueTriggers, 'commits.pushed'], active: false });
    expect(listed.at(-1)).toMatchObject({ url: null, triggers: Object.keys(github().triggers) });
    expect(provider.requests.flatMap(faultsOf)).toEqual([]);
  });

  it('are refused with what GitHub says where there are twenty of an event', async () => {
    const { provider, harness } = await githubStage();
    for (let each = 0; each < 20; each += 1) provider.addHook(fullName, { active: true, events: ['issues'], config: {} });
    await expect(harness.subscriptions(({ create }, call) => create({ ...call, ...wanted }))).rejects.toMatchObject({
      code: 'provider_rejected',
      message: expect.stringMatching(/no further webhook there .*"issues" event cannot have more than 20 hooks.* Take away one/),
      sent: 'no',
    });
  });

  it('are as wanted although one event of GitHub tells of more than the trigger that was asked for', async () => {
    const token = 'ghp_test';
    const provider = await fakeGithub({ token });
    const test = createTestHub({ connectors: [github({ origin: provider.origin })] });
    onTestFinished(async () => {
      await test.close();
      await provider.close();
    });
    const acme = test.tenant('acme');
    await acme.connections.put('main', { connector: 'github', credential: { type: 'bearer', token } });
    await acme.webhooks.register({ connection: 'main', trigger: 'issue.opened', target: fullName });
    const look = () => acme.webhooks.reconcile({ connection: 'main' });
    expect(await look()).toMatchObject({ compared: 1, findings: [] });
    expect(provider.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    for (const hook of provider.hooks(fullName)) hook.events = ['issues', 'push'];
    expect(await look()).toMatchObject({ findings: [{ kind: 'different', mended: true }] });
    expect(provider.hooks(fullName)).toMatchObject([{ events: ['issues'] }]);
  });

  it.each(['octocat/hello/world', '../octocat', 'octocat/..', 'octocat/', '', 'a/b?c'])('are not asked for at %j', async (target) => {
    const { provider, harness } = await githubStage();
    await expect(harness.subscriptions(({ create }, call) => create({ ...call, ...wanted, target }))).rejects.toMatchObject({
      code: 'invalid_argument',
      sent: 'no',
    });
    expect(provider.requests).toEqual([]);
  });
});
