import type { WantedSubscription } from '@patchbay/core/host';
import { describe, expect, it } from 'vitest';
import { jiraStage } from './__fixtures__/jira-stage.ts';
import { toSentRequest, vendorRequests } from './__fixtures__/vendor-requests.ts';

const url = 'https://host.example.com/hub/webhooks/jira/01980000-0000-7000-8000-000000000000';
const wanted = {
  url,
  triggers: ['issue.created', 'issue.status_changed', 'comment.created'],
  secret: 'never sent to Jira',
  target: 'OPS,web',
} satisfies Partial<WantedSubscription>;
const month = 2_592_000_000;

describe('webhooks by the API of Jira', () => {
  it("are asked for as a client made from Jira's description asks", async () => {
    const { provider, harness } = await jiraStage();
    const { id } = await harness.subscriptions(({ create }, call) => create({ ...call, ...wanted }));
    await harness.subscriptions(({ renew }, call) => renew?.({ ...call, target: 'OPS,web', id }) ?? Promise.reject(new Error('no renew')));
    await harness.subscriptions(({ remove }, call) => remove({ ...call, target: 'OPS,web', id }));
    const webhookIds = [Number(id)];
    const events = ['jira:issue_created', 'jira:issue_updated', 'comment_created'] as const;
    const webhooks = [{ events: [...events], jqlFilter: 'project in (OPS, WEB)', fieldIdsFilter: ['status'] }];
    const vendor = await vendorRequests(async (client) => {
      await client.webhooks.registerDynamicWebhooks({ url, webhooks });
      await client.webhooks.getDynamicWebhooksForApp({ maxResults: 100 });
      await client.webhooks.refreshWebhooks({ webhookIds });
      await client.webhooks.getDynamicWebhooksForApp({ maxResults: 100 });
      await client.webhooks.deleteWebhookById({ webhookIds });
    });
    expect(vendor).toHaveLength(5);
    expect(provider.requests.map(toSentRequest)).toEqual(vendor);
    expect(JSON.stringify(provider.requests)).not.toContain(wanted.secret);
  });

  it.each([
    [['issue.updated']],
    [['issue.status_changed']],
    [['issue.assigned']],
    [['issue.updated', 'issue.status_changed']],
    [['issue.updated', 'issue.assigned', 'comment.deleted']],
    [['issue.status_changed', 'issue.assigned', 'issue.deleted']],
    [['issue.updated', 'issue.status_changed', 'issue.assigned']],
  ] as const)('are listed with the very triggers that they were made for: %j', async (triggers) => {
    const { harness } = await jiraStage();
    await harness.subscriptions(({ create }, call) => create({ ...call, ...wanted, triggers }));
    const [listed] = await harness.subscriptions(({ list }, call) => list({ ...call, target: wanted.target }));
    expect([...(listed?.triggers ?? [])].sort()).toEqual(triggers.toSorted());
  });

  it('say which triggers they cannot deliver, before anything is sent', async () => {
    const { provider, harness } = await jiraStage();
    const triggers = ['issue.created', 'sprint.started', 'worklog.created'];
    await expect(harness.subscriptions(({ create }, call) => create({ ...call, ...wanted, triggers }))).rejects.toMatchObject({
      code: 'unsupported',
      sent: 'no',
      message: expect.stringContaining('no sprint.started, worklog.created'),
    });
    expect(provider.requests).toEqual([]);
  });

  it('end after 30 days, and later once they are renewed', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { harness } = await jiraStage({ now: () => now });
    const made = await harness.subscriptions(({ create }, call) => create({ ...call, ...wanted }));
    expect(made.expiresAt).toBe(now + month);
    now += 20 * 86_400_000;
    const renewed = await harness.subscriptions(
      ({ renew }, call) => renew?.({ ...call, target: 'OPS,web', id: made.id }) ?? Promise.reject(new Error()),
    );
    expect(renewed).toMatchObject({ id: made.id, expiresAt: now + month });
  });

  it('are known to be gone when they are renewed, though Jira does not say so', async () => {
    const { harness } = await jiraStage();
    const call = harness.subscriptions(({ renew }, given) => renew?.({ ...given, target: 'OPS', id: '12' }) ?? Promise.resolve({ id: '' }));
    await expect(call).rejects.toMatchObject({ code: 'provider_not_found' });
  });

  it('are told to be refused though Jira answers 200, and what an app with another URL does', async () => {
    const { provider, harness } = await jiraStage();
    await harness.subscriptions(({ create }, call) => create({ ...call, ...wanted }));
    const other = { ...wanted, url: 'https://elsewhere.example.com' };
    await expect(harness.subscriptions(({ create }, call) => create({ ...call, ...other }))).rejects.toMatchObject({
      code: 'provider_rejected',
      message: expect.stringMatching(/Only a single URL per app .* in one registration/),
    });
    expect(provider.webhooks).toHaveLength(1);
  });

  it('are listed page by page, and those of another filter by no trigger', async () => {
    const { provider, harness } = await jiraStage();
    for (let id = 1; id <= 150; id += 1)
      provider.webhooks.push({
        id,
        url,
        events: ['jira:issue_created', 'sprint_created'],
        jqlFilter: 'project in (OPS)',
        expirationDate: 5,
      });
    provider.webhooks.push({ id: 151, url, events: ['comment_created'], jqlFilter: 'project = WEB', expirationDate: 5 });
    const listed = await harness.subscriptions(({ list }, call) => list({ ...call, target: 'OPS' }));
    expect(listed).toHaveLength(151);
    expect(listed[0]).toEqual({ id: '1', url, triggers: ['issue.created'], expiresAt: 5 });
    expect(listed.at(-1)).toMatchObject({ id: '151', triggers: [] });
  });

  it.each(['OPS" OR 1=1', 'OPS WEB', '', '1OPS', 'OPS,'])('are not asked for of %j', async (target) => {
    const { provider, harness } = await jiraStage();
    await expect(harness.subscriptions(({ create }, call) => create({ ...call, ...wanted, target }))).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    expect(provider.requests).toEqual([]);
  });
});
